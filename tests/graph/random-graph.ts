/** Random graphs of products, sums, activations, views and changes of a parameter. */
import fc from "fast-check";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { gradients } from "../../src/graph/autodiff.ts";
import { add, affine, gelu, mul, relu, silu } from "../../src/graph/ops/elementwise.ts";
import { matmul } from "../../src/graph/ops/matmul.ts";
import { sum } from "../../src/graph/ops/mean.ts";
import { layerNorm } from "../../src/graph/ops/norm.ts";
import { assign, sgd } from "../../src/graph/ops/optimizer.ts";
import { reshape } from "../../src/graph/ops/shape.ts";
import type { Tensor } from "../../src/graph/tensor.ts";

const kinds = [
  "product",
  "product of a view",
  "product of a changing weight",
  "sum",
  "bias",
  "relu",
  "silu",
  "gelu",
  "view",
  "product by element",
  "norm",
  "change",
] as const;

/** One step: what is done, to which of the tensors made so far, with which other one, and in a block or not. */
export const step = fc.record({
  kind: fc.constantFrom(...kinds),
  // Mostly the last one: chains.
  of: fc.constantFrom(0, 0, 0, 0, 1, 2, 5),
  and: fc.nat(5),
  blocked: fc.boolean(),
});
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const shape = [6, 8];

/**
 * Builds a graph of steps over [6, 8] tensors. Its outputs are the last tensor and one more.
 * @param isTraining adds gradients by all weights, and changes these
 */
export function randomGraph(steps: readonly Step[], isTraining: boolean): Graph {
  return trace((g) => {
    const parameter = (name: string, ...size: number[]): Tensor => g.parameter({ name, shape: size });
    const [w, u, b] = [parameter("w", 8, 8), parameter("u", 8, 8), parameter("b", 8)];
    const changing = parameter("changing", 6, 8);
    const made: Tensor[] = [g.input("x", shape), changing];
    const recent = (back: number): Tensor => made[Math.max(made.length - 1 - back, 0)]!;
    for (const { kind, of, and, blocked } of steps) {
      const x = recent(of);
      const apply = (): Tensor | undefined => {
        switch (kind) {
          case "product":
            return matmul(x, w);
          case "product of a view":
            return reshape(matmul(reshape(x, [2, 3, 8]), u), shape);
          case "product of a changing weight":
            return reshape(matmul(matmul(x, changing, { transposeB: true }), changing), shape);
          case "sum":
            return add(x, recent(and));
          case "bias":
            return add(x, b);
          case "relu":
            return relu(x);
          case "silu":
            return silu(x);
          case "gelu":
            return gelu(x);
          case "view":
            return reshape(affine(reshape(x, [48]), 0.5), shape);
          case "product by element":
            return mul(x, recent(and));
          case "norm":
            return layerNorm(x, b, parameter("shift", 8), { epsilon: 1e-5 });
          case "change":
            // What was read before the change must stay what it was. A training's forward pass changes nothing that it reads.
            if (!isTraining) assign(changing, affine(x, 0.25));
            return undefined;
        }
      };
      const y = blocked ? g.block(apply) : apply();
      if (y) made.push(y);
    }
    const last = recent(0);
    if (!isTraining) return { last, other: recent(3) };
    const weights = [w, u, b, changing];
    const dweights = gradients(sum(mul(last, g.input("cotangent", shape))), weights);
    const [rate, scale] = [g.scalar("rate"), g.scalar("scale")];
    weights.forEach((weight, index) => {
      const velocity = parameter(`velocity ${String(index)}`, ...weight.shape);
      sgd(weight, dweights[index]!, velocity, rate, scale, { momentum: 0.5, weightDecay: 0 });
    });
    // Read after the weights were changed: the values from before count.
    return { last, after: affine(last, 2), ...Object.fromEntries(dweights.map((d, i) => [`d${String(i)}`, d])) };
  });
}
