import { describe, expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { ShapeError } from "../../src/errors.ts";
import { trace } from "../../src/graph/graph.ts";
import type { PoolOptions } from "../../src/graph/ops/pool.ts";
import { averagePool2d, maxPool2d, upsampleNearest2d } from "../../src/graph/ops/pool.ts";
import { elementCount } from "../../src/graph/tensor.ts";
import { gradientOutputs } from "./gradient-check.ts";
import { nodeBackend } from "./node-backend.ts";
import { between, expectOp } from "./op-check.ts";

describe("max pool", () => {
  const cases: [PoolOptions, number[]][] = [
    [{ size: 3, stride: 2, padding: 1 }, [2, 7, 8, 4]],
    [{ size: 3, stride: 2, padding: 1 }, [1, 8, 7, 3]],
    [{ size: 3, stride: 2 }, [2, 7, 7, 4]],
    [{ size: 3, stride: 1, padding: 1 }, [1, 5, 5, 4]],
    [{ size: 2, stride: 2 }, [2, 4, 6, 5]],
  ];
  test.each(cases)("%s of [%s] and its gradient agree with the reference", async (options, shape) => {
    // Numbers further apart than the step of the differences.
    const x = between(-1, 1, elementCount(shape));
    await expectOp(await nodeBackend(), (g) => maxPool2d(g.input("x", shape), options), { inputs: { x } });
  });

  test("a padding that may leave a window without a pixel is refused", () => {
    const pool = (size: number, padding: number) => () =>
      trace((g) => ({ y: maxPool2d(g.input("x", [1, 4, 4, 4]), { size, stride: 1, padding }) }));
    expect(pool(2, 1)).not.toThrow();
    expect(pool(2, 2)).toThrow(new ShapeError("maxPool2d: padding", "at most half of a window of 2", "2"));
    expect(pool(3, 2)).toThrow(new ShapeError("maxPool2d: padding", "at most half of a window of 3", "2"));
  });

  test("the gradient of equal numbers goes to the first of each window", async () => {
    const backend = await nodeBackend();
    const graph = trace((g) =>
      gradientOutputs(
        g,
        maxPool2d(g.input("x", [1, 3, 3, 4]), { size: 2, stride: 1 }),
        ["x"],
        new Float32Array(16).fill(1),
      ),
    );
    const program = await backend.compile(graph, backend.variables());
    await program.run({ x: new Float32Array(36).fill(-5) });
    const dx = await program.read("dx");
    expect([...dx].filter((_, i) => i % 4 === 0)).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0]);
  });

  test.each([4, 3])(
    "of %s channels, the gradient of padded windows of -Infinity goes to their first pixels, on the device and on the reference",
    async (c) => {
      for (const backend of [await nodeBackend(), new ReferenceBackend()]) {
        const graph = trace((g) => {
          const y = maxPool2d(g.input("x", [1, 4, 4, c]), { size: 3, stride: 2, padding: 1 });
          return { y, ...gradientOutputs(g, y, ["x"], new Float32Array(4 * c).fill(1)) };
        });
        const program = await backend.compile(graph, backend.variables());
        await program.run({ x: new Float32Array(16 * c).fill(-Infinity) });
        expect(await program.read("y")).toEqual(new Float32Array(4 * c).fill(-Infinity));
        const dx = await program.read("dx");
        const firsts = [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        expect([...dx], backend.name).toEqual(firsts.flatMap((count) => new Array<number>(c).fill(count)));
        program.dispose();
      }
    },
  );
});

test.each([
  [2, [2, 4, 6, 8]],
  [4, [1, 4, 8, 3]],
])("average pool by %s of [%s] and its gradient agree with the reference", async (size, shape) => {
  await expectOp(await nodeBackend(), (g) => averagePool2d(g.input("x", shape), size));
});

test.each([
  [2, [2, 3, 5, 8]],
  [3, [1, 2, 2, 3]],
])("upsampling by %s of [%s] and its gradient agree with the reference", async (size, shape) => {
  await expectOp(await nodeBackend(), (g) => upsampleNearest2d(g.input("x", shape), size));
});
