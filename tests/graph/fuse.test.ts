import { expect, test } from "vitest";
import { trace } from "../../src/graph/graph.ts";
import { add } from "../../src/graph/ops/elementwise.ts";
import { matmul } from "../../src/graph/ops/matmul.ts";
import { fuse } from "../../src/graph/passes/fuse.ts";

test("a sum of two products is folded into one of them, and the other stays as its residual", () => {
  const graph = trace((g) => {
    const x = g.input("x", [4, 8]);
    const [a, b] = [g.input("a", [8, 8]), g.input("b", [8, 8])];
    return { y: add(matmul(x, a), matmul(x, b)) };
  });
  const nodes = fuse(graph.nodes, new Set(graph.outputs.values()));
  const products = nodes.filter(({ op }) => op === "matmul");
  expect(products.map(({ attributes }) => attributes["residual"] === true)).toEqual([false, true]);
  const made = new Set(nodes.flatMap(({ outputs }) => outputs));
  for (const node of nodes) for (const input of node.inputs) expect(made.has(input)).toBe(true);
  expect(made.has(graph.outputs.get("y")!)).toBe(true);
});
