/** First values of weights, as PyTorch's layers draw them. */
import { fillNormal, fillUniform, streamKey } from "../random.ts";
import type { Shape } from "../graph/tensor.ts";
import { elementCount } from "../graph/tensor.ts";

/** How a weight starts. Normal has mean 0; uniform lies in [−bound, bound). */
export type Initialiser =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "normal"; readonly std: number }
  | { readonly kind: "uniform"; readonly bound: number };

/** All zero: biases of norms, running means. */
export const zeros: Initialiser = { kind: "constant", value: 0 };

/** All one: scales of norms, running variances. */
export const ones: Initialiser = { kind: "constant", value: 1 };

/** Every element the same. */
export const constant = (value: number): Initialiser => ({ kind: "constant", value });

/** Normal numbers of a standard deviation. */
export const normal = (std: number): Initialiser => ({ kind: "normal", std });

/**
 * PyTorch's default for the weight and the bias of linear layers and convolutions: uniform in ±1/√fanIn, which is He's
 * uniform rule with a = √5.
 *
 * @param fanIn inputs of one output: in, or ci·kh·kw
 *
 * He et al. 2015, arXiv:1502.01852; torch.nn.Linear.reset_parameters.
 */
export const kaimingUniform = (fanIn: number): Initialiser => ({ kind: "uniform", bound: 1 / Math.sqrt(fanIn) });

/**
 * He's normal rule for ReLU by the outputs of one input, as torchvision initialises the convolutions of ResNets.
 *
 * @param fanOut co·kh·kw
 */
export const kaimingNormalFanOut = (fanOut: number): Initialiser => ({ kind: "normal", std: Math.sqrt(2 / fanOut) });

/**
 * The first values of a weight.
 *
 * @param name decides the stream `weights/<name>`, so that a weight's values do not depend on which others there are
 * @param shape in the engine's layout
 * @returns shape's elements, row by row
 */
export function initialValues(initialiser: Initialiser, name: string, shape: Shape, seed: number): Float32Array {
  const values = new Float32Array(elementCount(shape));
  const key = streamKey(seed, `weights/${name}`);
  switch (initialiser.kind) {
    case "constant":
      return values.fill(initialiser.value);
    case "normal":
      fillNormal(values, key, 0, 0);
      return values.map((value) => value * initialiser.std);
    case "uniform":
      fillUniform(values, key, 0, 0);
      return values.map((value) => (2 * value - 1) * initialiser.bound);
  }
}
