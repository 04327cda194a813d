import { expect, test } from "vitest";
import { gradients } from "../../src/graph/autodiff.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import { conv2d } from "../../src/graph/ops/conv.ts";
import { add, mul, silu } from "../../src/graph/ops/elementwise.ts";
import { gather } from "../../src/graph/ops/embedding.ts";
import { linear } from "../../src/graph/ops/matmul.ts";
import { meanSquaredError } from "../../src/graph/ops/loss.ts";
import { sum } from "../../src/graph/ops/mean.ts";
import { groupNorm, layerNorm } from "../../src/graph/ops/norm.ts";
import { sgd } from "../../src/graph/ops/optimizer.ts";
import { reshape } from "../../src/graph/ops/shape.ts";
import { prune } from "../../src/graph/passes/prune.ts";
import type { Node, Tensor } from "../../src/graph/tensor.ts";
import { flagOf } from "../../src/graph/tensor.ts";

const c = 8;

const weight = (g: Graph, name: string, ...shape: number[]): Tensor => g.parameter({ name, shape });

/** A loss behind one layer of each kind that has weights: 8 tokens by 8 channels seen as text, then as an image. */
function lossOf(g: Graph, tokens: Tensor): Tensor {
  const normed = layerNorm(tokens, weight(g, "ln.w", c), weight(g, "ln.b", c), { epsilon: 1e-5 });
  const [q, k, v] = ["q", "k", "v"].map((name) => linear(normed, weight(g, name, c, c)));
  const attended = add(tokens, attention(q!, k!, v!, { heads: 2 }));
  const image = reshape(attended, [1, 2, 4, c]);
  const options = { epsilon: 1e-5, activation: "silu" } as const;
  const smooth = groupNorm(image, weight(g, "gn.w", c), weight(g, "gn.b", c), 2, options);
  const y = silu(add(conv2d(smooth, weight(g, "conv", 3, 3, c, c), { padding: 1 }), weight(g, "bias", c)));
  return meanSquaredError(y, g.input("target", [1, 2, 4, c]));
}

/** Trains the named parameters of a text-conditioned net whose words are rows of a table, but one that is learnt. */
function training(trained: readonly string[] | "all"): Node[] {
  const graph = trace((g) => {
    const words = gather(weight(g, "table", 10, c), g.input("ids", [1, 8], "u32"));
    const tokens = add(words, mul(g.filled(1, [1, 8, c]), weight(g, "row", c)));
    const loss = lossOf(g, tokens);
    const names = trained === "all" ? [...g.parameters.keys()] : trained;
    const wrt = names.map((name) => g.parameters.get(name)!);
    const found = gradients(loss, wrt);
    const [rate, scale] = [g.scalar("rate"), g.scalar("scale")];
    wrt.forEach((parameter, index) => {
      const velocity = weight(g, `velocity ${names[index]!}`, ...parameter.shape);
      sgd(parameter, found[index]!, velocity, rate, scale, { momentum: 0.9, weightDecay: 0 });
    });
    return { loss };
  });
  return prune(graph);
}

const weightGradients = (nodes: readonly Node[]): string[] =>
  nodes
    .filter(
      (node) =>
        node.op === "conv2d_weight_gradient" ||
        node.op === "gather_gradient" ||
        node.op.startsWith("norm_parameter") ||
        (node.op === "matmul" && flagOf(node, "transposeA")),
    )
    .map(({ op }) => op);

test("training one word through a frozen net computes no weight gradient", () => {
  expect(weightGradients(training(["row"]))).toEqual([]);
});

test("training everything computes one weight gradient a layer", () => {
  expect(weightGradients(training("all")).sort()).toEqual([
    "conv2d_weight_gradient",
    "gather_gradient",
    "matmul",
    "matmul",
    "matmul",
    "norm_parameter_gradient",
    "norm_parameters_of_sums",
  ]);
});

test("training the last layer goes back no further than that", () => {
  const ops = training(["bias"]).map(({ op }) => op);
  expect(ops).not.toContain("conv2d_input_gradient");
  expect(ops).not.toContain("attention_gradient");
  expect(ops).not.toContain("norm_input_gradient");
});

test("what feeds neither an output nor an effect is dropped, and effects stay in their order", () => {
  const graph = trace((g) => {
    const x = g.input("x", [4]);
    const [a, b] = [weight(g, "a", 4), weight(g, "b", 4)];
    const [rate, scale] = [g.scalar("rate"), g.scalar("scale")];
    const options = { momentum: 0, weightDecay: 0 };
    sgd(b, x, weight(g, "vb", 4), rate, scale, options);
    mul(x, g.input("unused", [4]));
    sgd(a, x, weight(g, "va", 4), rate, scale, options);
    return { total: sum(x) };
  });
  const nodes = prune(graph);
  expect(nodes.some(({ op }) => op === "binary")).toBe(false);
  expect(nodes.some(({ attributes }) => attributes["name"] === "unused")).toBe(false);
  expect(nodes.filter(({ op }) => op === "sgd").map(({ inputs }) => inputs[0]!.node.attributes["name"])).toEqual([
    "b",
    "a",
  ]);
});
