/** A small residual network with its training step, for what the engine does around kernels. */
import type { Variables } from "../../src/backends/backend.ts";
import { gradients } from "../../src/graph/autodiff.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { conv2d } from "../../src/graph/ops/conv.ts";
import { add } from "../../src/graph/ops/elementwise.ts";
import { meanSquaredError } from "../../src/graph/ops/loss.ts";
import { groupNorm } from "../../src/graph/ops/norm.ts";
import { sgd } from "../../src/graph/ops/optimizer.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { elementCount } from "../../src/graph/tensor.ts";
import { normalValues } from "./agree.ts";

const shape = [2, 8, 8, 8];

/** The number of residual blocks: two convolutions each. */
export const blocks = 4;

function residualBlock(g: Graph, x: Tensor, name: string): Tensor {
  const parameter = (part: string, ...size: number[]): Tensor => g.parameter({ name: `${name}.${part}`, shape: size });
  const options = { epsilon: 1e-5, activation: "silu" } as const;
  return g.block(() => {
    let h = x;
    for (const layer of ["1", "2"]) {
      h = groupNorm(h, parameter(`scale${layer}`, 8), parameter(`shift${layer}`, 8), 2, options);
      h = conv2d(h, parameter(`conv${layer}`, 3, 3, 8, 8), { padding: 1 });
      h = add(h, parameter(`bias${layer}`, 8));
    }
    return add(x, h);
  });
}

/** The mean squared error of the network at `x` against `target`. */
export function tinyLoss(g: Graph): Tensor {
  let h = g.input("x", shape);
  for (let index = 0; index < blocks; index++) h = residualBlock(g, h, `block${String(index)}`);
  return meanSquaredError(h, g.input("target", shape));
}

/** One step of SGD on the tiny network. Outputs: `loss`, `dx`, and the gradient of the first convolution. */
export function tinyTraining(): Graph {
  return trace((g) => {
    const loss = tinyLoss(g);
    const weights = [...g.parameters.values()];
    const names = [...g.parameters.keys()];
    const [dx, ...dweights] = gradients(loss, [g.inputs.get("x")!, ...weights]);
    const [rate, scale] = [g.scalar("rate"), g.scalar("scale")];
    weights.forEach((weight, index) => {
      const velocity = g.parameter({ name: `velocity.${names[index]!}`, shape: weight.shape });
      sgd(weight, dweights[index]!, velocity, rate, scale, { momentum: 0.9, weightDecay: 0 });
    });
    return { loss, dx: dx!, dconv: dweights[names.indexOf("block0.conv1")]! };
  });
}

/** Gives every parameter of a graph normal values, a fifth as large for all but scales, and zero velocities. */
export function setParameters(graph: Graph, variables: Variables): void {
  for (const [name, { shape: size }] of graph.parameters) {
    const values = normalValues(name, elementCount(size), name.startsWith("velocity") ? 0 : 0.2);
    variables.set(
      name,
      { shape: size, dtype: "f32" },
      name.includes("scale") ? values.map((value) => 1 + value) : values,
    );
  }
}

/** Values of the inputs of `tinyTraining`. */
export const tinyInputs = (): Record<string, Float32Array | number> => ({
  x: normalValues("x", elementCount(shape)),
  target: normalValues("target", elementCount(shape)),
  rate: 0.05,
  scale: 1,
});
