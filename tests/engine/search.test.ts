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

  test("puts NaN behind -Infinity, by index, on the device and on the reference", async () => {
    const scores = Float32Array.of(NaN, -Infinity, 2, -0, NaN, Infinity, 0, -1e-3);
    new Uint32Array(scores.buffer)[4] = 0xffc00001; // with a sign and a payload
    for (const backend of [await nodeBackend(), new ReferenceBackend()]) {
      const [values, indices] = await best(backend, 1, 8, 8, scores);
      expect(indices, backend.name).toEqual(Uint32Array.of(5, 2, 3, 6, 7, 1, 0, 4));
      expect(values, backend.name).toEqual(Float32Array.from(indices!, (index) => scores[index]!));
    }
  });

  test.each([
    [3, 40, 12],
    [2, 1000, 20],
    [2, 3001, 300],
  ])("of %s rows of %s with many NaN, the best %s and their order equal the reference", async (n, m, k) => {
    // The second row has fewer numbers than are asked for, the third none.
    const scores = normalValues("scores", n * m).map((value, i) => {
      const [row, j] = [Math.floor(i / m), i % m];
      return row === 2 || j % 7 !== row || (row === 1 && j > 6 * k) ? NaN : Math.round(value * 8) / 8;
    });
    const expected = await best(new ReferenceBackend(), n, m, k, scores);
    const actual = await best(await nodeBackend(), n, m, k, scores);
    expect(actual).toEqual(expected);
    for (let row = 0; row < n; row++) {
      const found = actual[1]!.subarray(row * k, (row + 1) * k);
      expect(new Set(found).size).toBe(k);
      expect(Math.max(...found)).toBeLessThan(m);
    }
  });
});
