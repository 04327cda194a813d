import { describe, expect, test } from "vitest";
import { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { attentionPieces } from "../../src/backends/webgpu/kernels/attention-pieces.ts";
import { openNodeDevice } from "../../src/cli/node-device.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { expectAgreement } from "./agree.ts";
import { expectGradients, gradientOutputs } from "./gradient-check.ts";
import { gpuKernelBackend, nodeBackend } from "./node-backend.ts";

interface Case {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly heads: number;
  readonly d: number;
  readonly causal?: boolean;
}

const build =
  ({ batch, queries, keys, heads, d, causal = false }: Case) =>
  (g: Graph): Tensor =>
    attention(
      g.input("q", [batch, queries, heads * d]),
      g.input("k", [batch, keys, heads * d]),
      g.input("v", [batch, keys, heads * d]),
      { heads, causal },
    );

// Each shape compiles kernels of its own, which takes seconds on lavapipe: few shapes, many features each.
const cases: [string, Case][] = [
  ["self-attention", { batch: 3, queries: 16, keys: 16, heads: 2, d: 32 }],
  ["causal self-attention of odd length", { batch: 2, queries: 77, keys: 77, heads: 3, d: 12, causal: true }],
  ["cross-attention to 77 keys", { batch: 1, queries: 20, keys: 77, heads: 2, d: 40 }],
  ["one head of 512", { batch: 1, queries: 12, keys: 12, heads: 1, d: 512 }],
  ["one query", { batch: 2, queries: 1, keys: 5, heads: 2, d: 4 }],
];

describe("attention", () => {
  test.each(cases)("%s and its gradients agree with the reference", async (_, shape) => {
    await expectAgreement(await nodeBackend(), () =>
      trace((g) => {
        const y = build(shape)(g);
        return { y, ...gradientOutputs(g, y, ["q", "k", "v"]) };
      }),
    );
  });

  test.each([
    ["causal self-attention", { batch: 2, queries: 70, keys: 70, heads: 2, d: 12, causal: true }],
    ["cross-attention", { batch: 2, queries: 70, keys: 21, heads: 2, d: 8 }],
    ["heads of 68", { batch: 1, queries: 10, keys: 10, heads: 2, d: 68 }],
  ])("%s by the kernels for GPUs agrees with the reference", async (_, shape) => {
    await expectAgreement(await gpuKernelBackend(), () =>
      trace((g) => {
        const y = build(shape)(g);
        return { y, ...gradientOutputs(g, y, ["q", "k", "v"]) };
      }),
    );
  });

  test("over more scores than are kept at once agrees with the reference", async () => {
    const { device, adapter } = await openNodeDevice();
    const backend = new WebGpuBackend(device, adapter.info);
    // Scores of 64 queries take 8 KiB, and pieces a quarter of a binding.
    Object.assign(backend.profile, { maxBindingBytes: 4 * 8192 });
    const shape = { batch: 2, queries: 192, keys: 14, heads: 2, d: 8 };
    await expectAgreement(backend, () =>
      trace((g) => {
        const y = build(shape)(g);
        return { y, ...gradientOutputs(g, y, ["q", "k", "v"]) };
      }),
    );
    backend.dispose();
  });

  // More heads than one direction of a grid holds; the one of GPUs has an image a place, the other a head of an image.
  test.each([
    ["of CPUs", nodeBackend, { batch: 16_400, queries: 2, keys: 3, heads: 4, d: 4 }],
    ["of GPUs", gpuKernelBackend, { batch: 65_601, queries: 1, keys: 3, heads: 1, d: 4 }],
  ])("over 65,535 heads by the kernels %s agrees with the reference", async (_, open, shape) => {
    await expectAgreement(await open(), () =>
      trace((g) => {
        const y = build(shape)(g);
        return { y, ...gradientOutputs(g, y, ["q", "k", "v"]) };
      }),
    );
  });

  test("over 65,535 wide heads is planned for GPUs", async () => {
    const backend = await gpuKernelBackend();
    const shape = { batch: 16_400, queries: 1, keys: 1, heads: 4, d: 68 };
    const graph = trace((g) => {
      const y = build(shape)(g);
      return { y, ...gradientOutputs(g, y, ["q", "k", "v"]) };
    });
    expect(backend.plan(graph).report.dispatches).toBeGreaterThan(0);
  });

  test.each(cases)("%s has gradients that equal finite differences", async (_, shape) => {
    await expectGradients(build({ ...shape, batch: 1, d: Math.min(shape.d, 8) }), { samples: 6 });
  });
});

describe("the pieces of a score matrix", () => {
  test.each([
    { batch: 1, heads: 8, d: 40, queries: 4096, keys: 4096 },
    { batch: 5, heads: 3, d: 4, queries: 100, keys: 77 },
    { batch: 33, heads: 2, d: 4, queries: 7, keys: 7 },
    { batch: 4, heads: 1, d: 512, queries: 1024, keys: 1024 },
  ])("of $batch × $heads × $queries × $keys fit, cover it once and begin at whole offsets", (shape) => {
    for (const limit of [1 << 14, 1 << 20, 32 << 20]) {
      const seen = new Uint8Array(shape.batch * shape.queries);
      for (const { batchBegin, batches, rowBegin, rows } of attentionPieces(shape, limit)) {
        expect(((batchBegin * shape.queries + rowBegin) * shape.heads * shape.d * 4) % 256).toBe(0);
        for (let b = batchBegin; b < batchBegin + batches; b++)
          for (let row = rowBegin; row < rowBegin + rows; row++) seen[b * shape.queries + row]!++;
        const smallest = Math.min(batches, 16) * Math.min(rows, 64) === batches * rows;
        if (!smallest) expect(batches * rows * shape.heads * shape.keys * 4).toBeLessThanOrEqual(limit);
      }
      expect(new Set(seen)).toEqual(new Set([1]));
    }
  });
});
