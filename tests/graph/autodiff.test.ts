import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { ShapeError } from "../../src/errors.ts";
import { gradients } from "../../src/graph/autodiff.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { Graph as GraphClass, trace } from "../../src/graph/graph.ts";
import { add, affine, mul, square, sub } from "../../src/graph/ops/elementwise.ts";
import { sum } from "../../src/graph/ops/mean.ts";
import { maxPool2d } from "../../src/graph/ops/pool.ts";
import { reshape } from "../../src/graph/ops/shape.ts";
import type { Tensor } from "../../src/graph/tensor.ts";

const backend = new ReferenceBackend();

async function valuesOf(
  build: (g: Graph) => Record<string, Tensor>,
  inputs: Record<string, Float32Array>,
): Promise<Record<string, number[]>> {
  const graph = trace(build);
  const program = await backend.compile(graph, backend.variables());
  await program.run(inputs);
  return Object.fromEntries([...graph.outputs.keys()].map((name) => [name, [...program.readExact(name)]]));
}

const x3 = { x: Float32Array.of(1, -2, 3) };

test("a tensor that several nodes read gets the sum of their gradients", async () => {
  const { dx } = await valuesOf((g) => {
    const x = g.input("x", [3]);
    // x² + 3x + x·x read under another shape: 4x + 3
    const y = add(add(square(x), affine(x, 3)), mul(x, reshape(reshape(x, [3, 1]), [3])));
    return { dx: gradients(sum(y), [x])[0]! };
  }, x3);
  expect(dx).toEqual([7, -5, 15]);
});

test("operations of a tensor with itself are differentiated", async () => {
  const { product, total, none } = await valuesOf((g) => {
    const x = g.input("x", [3]);
    return {
      product: gradients(sum(mul(x, x)), [x])[0]!,
      total: gradients(sum(add(x, x)), [x])[0]!,
      none: gradients(sum(sub(x, x)), [x])[0]!,
    };
  }, x3);
  expect({ product, total, none }).toEqual({ product: [2, -4, 6], total: [2, 2, 2], none: [0, 0, 0] });
});

test("the gradient of what the loss does not read is zeros of its shape", async () => {
  const { dx, dother } = await valuesOf((g) => {
    const [x, other] = [g.input("x", [3]), g.input("other", [2, 2])];
    const [dx, dother] = gradients(sum(square(x)), [x, other]);
    return { dx: dx!, dother: dother! };
  }, x3);
  expect(dx).toEqual([2, -4, 6]);
  expect(dother).toEqual([0, 0, 0, 0]);
});

test("an output that nobody reads needs no gradient", async () => {
  const { dx } = await valuesOf(
    (g) => {
      // The winners' places are the second output.
      const x = g.input("x", [1, 2, 2, 1]);
      return { dx: gradients(sum(maxPool2d(x, { size: 2, stride: 2 })), [x])[0]! };
    },
    { x: Float32Array.of(1, 5, 2, 3) },
  );
  expect(dx).toEqual([0, 1, 0, 0]);
});

test("gradients by intermediate tensors and two losses in one graph are taken", async () => {
  const { dy, dx } = await valuesOf((g) => {
    const x = g.input("x", [3]);
    const y = affine(x, 2);
    const [dy] = gradients(sum(square(y)), [y]);
    const [dx] = gradients(sum(mul(y, g.input("x", [3]))), [x]);
    return { dy: dy!, dx: dx! };
  }, x3);
  expect(dy).toEqual([4, -8, 12]);
  expect(dx).toEqual([4, -8, 12]);
});

test("a seed scales the gradients", async () => {
  const { dx } = await valuesOf(
    (g) => {
      const x = g.input("x", [3]);
      return { dx: gradients(sum(x), [x], g.scalar("seed"))[0]! };
    },
    { ...x3, seed: Float32Array.of(8) },
  );
  expect(dx).toEqual([8, 8, 8]);
});

test("a loss of several elements is refused by its shape", () => {
  const g = new GraphClass();
  const x = g.input("x", [3]);
  expect(() => gradients(x, [x])).toThrow(ShapeError);
});
