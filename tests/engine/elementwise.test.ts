import { describe, test } from "vitest";
import { trace } from "../../src/graph/graph.ts";
import { add, div, mul, sub } from "../../src/graph/ops/elementwise.ts";
import { expectAgreement } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";

describe("binary", () => {
  const shapes: [number[], number[]][] = [
    [
      [3, 5, 7],
      [3, 5, 7],
    ],
    [[3, 5, 7], [7]],
    [
      [2, 4, 4, 6],
      [2, 1, 1, 6],
    ],
    [
      [6, 5],
      [6, 1],
    ],
    [[6, 5], [1]],
  ];
  test.each(shapes)("[%s] with [%s] agrees with the reference", async (a, b) => {
    const backend = await nodeBackend();
    for (const f of [add, sub, mul, div]) {
      await expectAgreement(backend, () => trace((g) => ({ y: f(g.input("a", a), g.input("b", b)) })));
    }
  });
});
