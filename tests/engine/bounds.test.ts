import { describe, expect, test } from "vitest";
import type { Values } from "../../src/backends/backend.ts";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { ShapeError } from "../../src/errors.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { gather } from "../../src/graph/ops/embedding.ts";
import { crossEntropy } from "../../src/graph/ops/loss.ts";
import { pickRows } from "../../src/graph/ops/shape.ts";
import { crossEntropyRows, top1 } from "../../src/graph/ops/softmax.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { gradientOutputs } from "./gradient-check.ts";
import { outputsOf } from "./nan-check.ts";
import { gpuKernelBackend, nodeBackend } from "./node-backend.ts";

/** A graph of y and its gradient by x, all weights of the loss 1. */
const withGradient = (build: (g: Graph) => Tensor, elements: number): Graph =>
  trace((g) => {
    const y = build(g);
    return { y, ...gradientOutputs(g, y, ["x"], new Float32Array(elements).fill(1)) };
  });

const referenceError = async (graph: Graph, inputs: Record<string, Values>): Promise<unknown> => {
  try {
    await outputsOf(new ReferenceBackend(), graph, inputs);
  } catch (error) {
    return error;
  }
  return "none";
};

/** The rows of a matrix. */
const rowsOf = (values: Values, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) => [...values.subarray(row * width, (row + 1) * width)]);

const beyond = [3, 4, 0xffffffff];

describe.each(beyond)("of three, index %s is none:", (index) => {
  test.each([
    ["the adapter", nodeBackend],
    ["a GPU", gpuKernelBackend],
  ] as const)(
    `by the kernels for %s, the loss of label ${String(index)} is NaN, its gradient too, and no other row's`,
    async (_, open) => {
      const graph = (): Graph =>
        withGradient((g) => crossEntropyRows(g.input("x", [3, 3]), g.input("labels", [3], "u32")), 3);
      const inputs = { x: new Float32Array(9), labels: Uint32Array.of(0, index, 2) };
      const { y, dx } = await outputsOf(await open(), graph(), inputs);
      const third = expect.closeTo(1 / 3, 6) as number;
      const loss = expect.closeTo(Math.log(3), 6) as number;
      expect([...y!]).toEqual([loss, NaN, loss]);
      expect(rowsOf(dx!, 3)).toEqual([
        [expect.closeTo(-2 / 3, 6), third, third],
        [NaN, NaN, NaN],
        [third, third, expect.closeTo(-2 / 3, 6)],
      ]);
      const mean = trace((g) => ({ y: crossEntropy(g.input("x", [3, 3]), g.input("labels", [3], "u32")) }));
      expect(await outputsOf(await open(), mean, inputs)).toEqual({ y: Float32Array.of(NaN) });
      expect(await referenceError(graph(), inputs)).toEqual(
        new ShapeError("cross_entropy: labels", "indices below 3", String(index)),
      );
    },
  );

  test(`label ${String(index)} counts as wrong, also in the last row`, async () => {
    const graph = (): Graph => trace((g) => ({ y: top1(g.input("x", [2, 3]), g.input("labels", [2], "u32")) }));
    const inputs = { x: Float32Array.of(1, 2, 3, 9, 8, 10), labels: Uint32Array.of(index, index) };
    expect(await outputsOf(await nodeBackend(), graph(), inputs)).toEqual({ y: Float32Array.of(0, 0) });
    expect(await referenceError(graph(), inputs)).toEqual(
      new ShapeError("top1: labels", "indices below 3", String(index)),
    );
  });

  test.each([4, 2])(`row ${String(index)} of a table of %s columns is NaN and has no gradient`, async (c) => {
    const graph = (): Graph => withGradient((g) => gather(g.input("x", [3, c]), g.input("ids", [3], "u32")), 3 * c);
    const inputs = { x: Float32Array.from({ length: 3 * c }, (_, i) => i), ids: Uint32Array.of(2, index, 0) };
    const { y, dx } = await outputsOf(await nodeBackend(), graph(), inputs);
    const [first, , last] = rowsOf(inputs.x, c);
    expect(rowsOf(y!, c)).toEqual([last, new Array(c).fill(NaN), first]);
    expect(rowsOf(dx!, c)).toEqual([new Array(c).fill(1), new Array(c).fill(0), new Array(c).fill(1)]);
    expect(await referenceError(graph(), inputs)).toEqual(
      new ShapeError("gather: ids", "indices below 3", String(index)),
    );
  });

  test.each([4, 2])(`picked row ${String(index)} of %s columns is NaN and has no gradient`, async (c) => {
    const graph = (): Graph =>
      withGradient((g) => pickRows(g.input("x", [2, 3, c]), g.input("rows", [2], "u32")), 2 * c);
    const inputs = { x: Float32Array.from({ length: 6 * c }, (_, i) => i), rows: Uint32Array.of(index, 1) };
    const { y, dx } = await outputsOf(await nodeBackend(), graph(), inputs);
    expect(rowsOf(y!, c)).toEqual([new Array(c).fill(NaN), rowsOf(inputs.x, c)[4]]);
    expect(rowsOf(dx!, c)).toEqual([0, 0, 0, 0, 1, 0].map((value) => new Array<number>(c).fill(value)));
    expect(await referenceError(graph(), inputs)).toEqual(
      new ShapeError("pick_rows: rows", "indices below 3", String(index)),
    );
  });
});
