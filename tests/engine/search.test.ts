import { describe, expect, test } from "vitest";
import type { Backend, Values } from "../../src/backends/backend.ts";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { trace } from "../../src/graph/graph.ts";
import { topK } from "../../src/graph/ops/softmax.ts";
import { normalValues } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";

async function best(backend: Backend, n: number, m: number, k: number, scores: Float32Array): Promise<Values[]> {
  const graph = trace((g) => ({ ...topK(g.input("scores", [n, m]), k) }));
  const program = await backend.compile(graph, backend.variables());
  await program.run({ scores });
  return [await program.read("values"), await program.read("indices")];
}

describe("top k", () => {
  test.each([
    [3, 10, 4],
    [2, 7, 7],
    [3, 3001, 5],
    [2, 1000, 400],
  ])("of %s rows of %s, the best %s and their order equal the reference", async (n, m, k) => {
    // Eighths repeat: equal scores are told apart by their index.
    const scores = normalValues("scores", n * m).map((value) => Math.round(value * 8) / 8);
    const expected = await best(new ReferenceBackend(), n, m, k, scores);
    expect(await best(await nodeBackend(), n, m, k, scores)).toEqual(expected);
  });
});
