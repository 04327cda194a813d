import { geglu, gelu, quickGelu } from "../graph/ops/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { LinearOptions } from "./linear.ts";
import { Linear } from "./linear.ts";
import type { Parameters } from "./parameters.ts";

/** Activations of CLIP's perceptrons by their names in transformers. */
export const mlpActivations = { quick_gelu: quickGelu, gelu } as const;
export type MlpActivation = keyof typeof mlpActivations;

/** Two linear layers with an activation between, named `fc1` and `fc2`. */
export class Mlp {
  readonly #first: Linear;
  readonly #second: Linear;

  constructor(
    parameters: Parameters,
    width: number,
    hidden: number,
    readonly activation: MlpActivation,
    options: { readonly first?: LinearOptions; readonly second?: LinearOptions } = {},
  ) {
    this.#first = new Linear(parameters.scope("fc1"), width, hidden, options.first);
    this.#second = new Linear(parameters.scope("fc2"), hidden, width, options.second);
  }

  /** @param x [..., width] */
  forward(x: Tensor): Tensor {
    return this.#second.forward(mlpActivations[this.activation](this.#first.forward(x)));
  }
}

/**
 * The gated feed-forward layer of diffusion transformers, four times as wide inside, named `net.0.proj` and `net.2`.
 *
 * Shazeer 2020, arXiv:2002.05202.
 */
export class GatedFeedForward {
  readonly #first: Linear;
  readonly #second: Linear;

  constructor(parameters: Parameters, width: number) {
    this.#first = new Linear(parameters.scope("net.0.proj"), width, 8 * width);
    this.#second = new Linear(parameters.scope("net.2"), 4 * width, width);
  }

  /** @param x [..., width] */
  forward(x: Tensor): Tensor {
    return this.#second.forward(geglu(this.#first.forward(x)));
  }
}
