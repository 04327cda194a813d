import { afterAll, beforeAll, describe, test } from "vitest";
import { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { openNodeDevice } from "../../src/cli/node-device.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { mean, spatialMean, sum } from "../../src/graph/ops/mean.ts";
import { broadcastTo, sumTo } from "../../src/graph/ops/reduce.ts";
import { expectAgreement } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";
import { expectOp } from "./op-check.ts";

/** Larger, smaller shape: columns, images, rows, rows of a batch, everything; with and without a last axis of fours. */
const patterns: [number[], number[]][] = [
  [[7, 8], [8]],
  [[7, 5], [5]],
  [
    [2, 3, 3, 8],
    [2, 1, 1, 8],
  ],
  [
    [2, 3, 3, 5],
    [2, 1, 1, 5],
  ],
  [
    [5, 12],
    [5, 1],
  ],
  [
    [5, 7],
    [5, 1],
  ],
  [
    [2, 3, 8],
    [3, 1],
  ],
  [
    [2, 3, 5],
    [3, 1],
  ],
  [[3, 5, 7], [1]],
  [[1, 8], [8]],
  [[1, 1, 5], [5]],
];

/** Larger, smaller shape of sums that take several passes. */
const many: [number[], number[]][] = [
  [[5000, 16], [16]],
  [[3000, 10], [10]],
  [
    [3, 1500, 4],
    [3, 1, 4],
  ],
  [
    [3, 5000],
    [3, 1],
  ],
  [
    [3, 4999],
    [3, 1],
  ],
  [
    [2, 3, 2000],
    [3, 1],
  ],
  [[100_003], [1]],
  [[1001], [1]],
  [
    [1200, 3, 8],
    [3, 1],
  ],
  [
    [700, 3, 5],
    [3, 1],
  ],
  [
    [100, 3, 70],
    [3, 1],
  ],
];

/** Larger, smaller shape of sums that one invocation a lane would round away. */
const long: [number[], number[]][] = [
  [
    [262_144, 8, 4],
    [8, 1],
  ],
  [
    [300, 2, 8192],
    [2, 1],
  ],
  [
    [3, 3_000_001],
    [3, 1],
  ],
];

/** Tenths lose a five-hundredth where 200,000 are added in a row, and 4e-6 where 512 are, at each pass. */
const tenths = ([shape]: [number[], number[]]) => ({
  inputs: { x: new Float32Array(shape.reduce((count, size) => count * size, 1)).fill(0.1) },
  tolerance: 2e-5,
});

describe("sums and repetitions", () => {
  test.each(patterns)("[%s] to [%s] and back, with gradients, agree with the reference", async (large, small) => {
    const backend = await nodeBackend();
    await expectOp(backend, (g) => sumTo(g.input("x", large), small));
    await expectOp(backend, (g) => broadcastTo(g.input("x", small), large));
  });

  test.each(many)("[%s] to [%s] in several passes agrees with the reference", async (large, small) => {
    // Normal numbers cancel: the sum is small against its terms.
    const tolerance = 5e-5;
    await expectAgreement(await nodeBackend(), () => trace((g) => ({ y: sumTo(g.input("x", large), small) })), {
      tolerance,
    });
  });

  test.each(long)("[%s] to [%s] keeps its digits", async (large, small) => {
    const build = (): Graph => trace((g) => ({ y: sumTo(g.input("x", large), small) }));
    await expectAgreement(await nodeBackend(), build, tenths([large, small]));
  });

  test("sums, means and means of images, with gradients, agree with the reference", async () => {
    const backend = await nodeBackend();
    await expectOp(backend, (g) => sum(g.input("x", [3, 7])));
    await expectOp(backend, (g) => mean(g.input("x", [3, 7])));
    await expectOp(backend, (g) => spatialMean(g.input("x", [2, 3, 3, 8])));
  });
});

describe("the kernels of GPUs", () => {
  let backend: WebGpuBackend;
  beforeAll(async () => {
    const { device, adapter } = await openNodeDevice();
    backend = new WebGpuBackend(device, adapter.info);
    Object.assign(backend.profile, { name: "gpu" });
  });
  afterAll(() => {
    backend.dispose();
  });

  test.each([...patterns, ...many])("sum [%s] to [%s] as the reference does", async (large, small) => {
    const build = (): Graph => trace((g) => ({ y: sumTo(g.input("x", large), small) }));
    await expectAgreement(backend, build, { tolerance: 5e-5 });
  });

  test.each(long)("sum [%s] to [%s] and keep its digits", async (large, small) => {
    const build = (): Graph => trace((g) => ({ y: sumTo(g.input("x", large), small) }));
    await expectAgreement(backend, build, tenths([large, small]));
  });
});
