import { expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { conv2d } from "../../src/graph/ops/conv.ts";
import { add, gelu, quickGelu, relu, silu } from "../../src/graph/ops/elementwise.ts";
import { linear, matmul } from "../../src/graph/ops/matmul.ts";
import { reshape } from "../../src/graph/ops/shape.ts";
import { expectAgreement } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";

/** Six chains, each of one product. */
const chains = (): Graph =>
  trace((g) => {
    const tokens = g.input("tokens", [2, 16, 32]);
    const weight = g.input("weight", [32, 32]);
    const bias = g.input("bias", [32]);
    const image = g.input("image", [1, 8, 8, 32]);
    const kernel = g.input("kernel", [3, 3, 32, 32]);
    const residual = g.input("residual", [1, 8, 8, 32]);
    return {
      biasOnly: linear(tokens, weight, bias),
      mlp: gelu(linear(tokens, weight, bias)),
      // The residual is the product's own input under another shape: it is bound once.
      own: add(linear(tokens, weight, bias), tokens),
      all: silu(add(add(conv2d(image, kernel, { padding: 1 }), bias), residual)),
      onTheOtherSide: add(residual, conv2d(image, kernel, { padding: 1, stride: 1 })),
      reshaped: quickGelu(
        reshape(add(reshape(conv2d(image, kernel, { padding: 1, stride: 2 }), [16, 32]), bias), [512]),
      ),
      // Not folded: something else reads the product.
      shared: add(relu(matmul(reshape(tokens, [32, 32]), weight)), matmul(weight, reshape(tokens, [32, 32]))),
    };
  });

test("what follows a product in its own kernel agrees with the reference", async () => {
  await expectAgreement(await nodeBackend(), chains);
}, 600_000);

test("a chain behind a product takes no kernel of its own", async () => {
  const backend = await nodeBackend();
  const dispatchesOf = (build: (g: Graph) => Graph): number => backend.plan(build(chains())).report.dispatches;
  const withOutputs =
    (names: readonly string[]) =>
    (graph: Graph): Graph => {
      for (const name of [...graph.outputs.keys()]) if (!names.includes(name)) graph.outputs.delete(name);
      return graph;
    };
  expect(dispatchesOf(withOutputs(["biasOnly"]))).toBe(1);
  expect(dispatchesOf(withOutputs(["mlp"]))).toBe(1);
  // Its own input cannot be its residual, so the sum stays a kernel.
  expect(dispatchesOf(withOutputs(["own"]))).toBe(2);
});
