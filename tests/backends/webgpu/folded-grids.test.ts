import { afterAll, beforeAll, describe, expect, test } from "vitest";
import "../../../src/backends/webgpu/kernels/index.ts";
import type { Dispatch, Operand } from "../../../src/backends/webgpu/lowering.ts";
import { plan } from "../../../src/backends/webgpu/plan.ts";
import { gradients } from "../../../src/graph/autodiff.ts";
import type { Graph } from "../../../src/graph/graph.ts";
import { trace } from "../../../src/graph/graph.ts";
import { mul } from "../../../src/graph/ops/elementwise.ts";
import { sum } from "../../../src/graph/ops/mean.ts";
import { batchNormInference, batchNormTraining, groupNorm } from "../../../src/graph/ops/norm.ts";
import { top1 } from "../../../src/graph/ops/softmax.ts";
import type { Tensor } from "../../../src/graph/tensor.ts";
import { elementCount } from "../../../src/graph/tensor.ts";
import { randomValues } from "./random-values.ts";
import type { KernelDevice } from "./run-dispatches.ts";
import { openKernelDevice, runDispatches } from "./run-dispatches.ts";

const norm = (g: Graph, x: Tensor, f: (x: Tensor, weight: Tensor, bias: Tensor) => Tensor): Record<string, Tensor> => {
  const channels = [x.shape.at(-1)!];
  const [weight, bias] = [g.input("weight", channels), g.input("bias", channels)];
  const y = f(x, weight, bias);
  const [dx, dweight, dbias] = gradients(sum(mul(y, g.input("dy", y.shape))), [x, weight, bias]);
  return { y, dx: dx!, dweight: dweight!, dbias: dbias! };
};

const epsilon = 1e-5;

/** What gives a row, a group or a channel to an invocation, by the number of images and of channels. */
const graphs: Record<string, (n: number, c: number) => Graph> = {
  "group norm": (n, c) =>
    trace((g) => norm(g, g.input("x", [n, 2, 2, c]), (x, w, b) => groupNorm(x, w, b, c / 2, { epsilon }))),
  "group norm in blocks": (n, c) =>
    trace((g) => norm(g, g.input("x", [n, 5, 5, c]), (x, w, b) => groupNorm(x, w, b, 2, { epsilon }))),
  "batch norm": (n, c) =>
    trace((g) => {
      const [x, w, b] = [g.input("x", [n, c]), g.input("weight", [c]), g.input("bias", [c])];
      const { y, mean, variance } = batchNormTraining(x, w, b, { epsilon });
      return {
        y,
        mean,
        variance,
        z: batchNormInference(x, w, b, g.input("mean", [c]), g.input("square", [c]), { epsilon }),
      };
    }),
  top1: (n, c) => trace((g) => ({ y: top1(g.input("x", [n, c]), g.input("labels", [n], "u32")) })),
};

let kernels: KernelDevice;
beforeAll(async () => {
  kernels = await openKernelDevice();
});
afterAll(() => {
  kernels.device.destroy();
});

/** The same workgroups, in rows of half as many. */
const folded = (dispatch: Dispatch): Dispatch => {
  const [x, y, z] = dispatch.workgroups;
  const isLine = /norm_(merge|moments|sum_blocks|means_of|statistics_of|parameters_of)|top1/.test(dispatch.shader);
  return isLine && x > 1 && y === 1 && z === 1 ? { ...dispatch, workgroups: [Math.ceil(x / 2), 2, 1] } : dispatch;
};

describe("a grid that is folded into rows", () => {
  test.each(Object.entries(graphs))("computes %s as one that is not", async (_, build) => {
    const graph = build(70, 100);
    const { dispatches } = plan(graph, kernels.profile);
    const rows = dispatches.map(folded);
    expect(rows.some(({ workgroups }) => workgroups[1] === 2)).toBe(true);
    const values = new Map(
      [...graph.inputs.values()].map((t, i): [Operand, Float32Array] => [
        t,
        t.dtype === "u32"
          ? new Float32Array(elementCount(t.shape))
          : randomValues(elementCount(t.shape), i).map(Math.abs),
      ]),
    );
    for (const [name, tensor] of graph.outputs) {
      const results = [dispatches, rows].map((all) => runDispatches(kernels, all, values, tensor, tensor.shape));
      const [whole, inRows] = await Promise.all(results);
      expect(whole!.every(Number.isFinite), name).toBe(true);
      expect(inRows, name).toEqual(whole);
    }
  });
});

describe("what has more rows, groups or channels than 65,535 workgroups have invocations is planned:", () => {
  test.each([
    ["group norm", 131_072, 64],
    ["batch norm", 2, 4_200_000],
    ["top1", 4_200_000, 4],
  ])("%s of %s × %s", (name, n, c) => {
    const profile = { ...kernels.profile, maxBindingBytes: 2 ** 31 };
    expect(plan(graphs[name]!(n, c), profile).dispatches.length).toBeGreaterThan(0);
  });
});
