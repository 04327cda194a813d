import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConvSizes } from "../../../src/backends/webgpu/kernels/conv.ts";
import { convolve, convolveInputGradient, convolveWeightGradient } from "../../../src/backends/webgpu/kernels/conv.ts";
import {
  winograd,
  winogradInputGradient,
  winogradWeightGradient,
} from "../../../src/backends/webgpu/kernels/winograd.ts";
import type { Dispatch, LoweringContext, Operand } from "../../../src/backends/webgpu/lowering.ts";
import type { ProfileName } from "../../../src/backends/webgpu/profile.ts";
import { Graph } from "../../../src/graph/graph.ts";
import type { Tensor } from "../../../src/graph/tensor.ts";
import { elementCount } from "../../../src/graph/tensor.ts";
import { randomValues } from "./random-values.ts";
import type { KernelDevice } from "./run-dispatches.ts";
import { lowered, openKernelDevice, runDispatches } from "./run-dispatches.ts";

/** Calls back with the flat places of x, w and y of every product that a convolution adds up. */
function forEachTerm(s: ConvSizes, visit: (x: number, w: number, y: number) => void): void {
  for (let n = 0; n < s.images; n++)
    for (let oy = 0; oy < s.oh; oy++)
      for (let ox = 0; ox < s.ow; ox++)
        for (let ky = 0; ky < s.kh; ky++)
          for (let kx = 0; kx < s.kw; kx++) {
            const [iy, ix] = [oy * s.stride + ky - s.top, ox * s.stride + kx - s.left];
            if (iy < 0 || ix < 0 || iy >= s.h || ix >= s.w) continue;
            for (let i = 0; i < s.ci; i++)
              for (let o = 0; o < s.co; o++) {
                const x = ((n * s.h + iy) * s.w + ix) * s.ci + i;
                const w = ((ky * s.kw + kx) * s.ci + i) * s.co + o;
                visit(x, w, ((n * s.oh + oy) * s.ow + ox) * s.co + o);
              }
          }
}

interface Case extends ConvSizes {
  readonly name: string;
}

const same = { stride: 1, top: 1, left: 1, kh: 3, kw: 3 };
const cases: readonly Case[] = [
  { name: "3×3", ...same, images: 2, h: 5, w: 7, ci: 8, oh: 5, ow: 7, co: 12 },
  { name: "3×3, stride 2, odd image", ...same, stride: 2, images: 1, h: 7, w: 9, ci: 4, oh: 4, ow: 5, co: 36 },
  {
    name: "3×3, stride 2, padded below only",
    ...same,
    stride: 2,
    top: 0,
    left: 0,
    images: 2,
    h: 6,
    w: 6,
    ci: 8,
    oh: 3,
    ow: 3,
    co: 8,
  },
  {
    name: "1×1, stride 2",
    kh: 1,
    kw: 1,
    stride: 2,
    top: 0,
    left: 0,
    images: 2,
    h: 6,
    w: 6,
    ci: 20,
    oh: 3,
    ow: 3,
    co: 8,
  },
  {
    name: "7×7, stride 2",
    kh: 7,
    kw: 7,
    stride: 2,
    top: 3,
    left: 3,
    images: 1,
    h: 12,
    w: 12,
    ci: 4,
    oh: 6,
    ow: 6,
    co: 16,
  },
  { name: "3×3 on a tall stack of lines", ...same, images: 8, h: 40, w: 4, ci: 4, oh: 40, ow: 4, co: 4 },
  { name: "3×3 of many channels", ...same, images: 2, h: 5, w: 8, ci: 24, oh: 5, ow: 8, co: 28 },
];
/** Few channels, for which CPU adapters have narrow tiles, and more than those hold. */
const [narrow, wide] = [cases[0]!, cases.at(-1)!];

describe.each<ProfileName>(["lavapipe", "swiftshader", "gpu"])("convolutions with the kernels for %s", (profile) => {
  let kernels: KernelDevice;
  beforeAll(async () => {
    kernels = await openKernelDevice();
  });
  afterAll(() => {
    kernels.device.destroy();
  });

  const check = async (
    inputs: readonly Tensor[],
    result: Tensor,
    lower: (context: LoweringContext) => void,
    expected: (values: readonly Float32Array[], y: Float64Array) => void,
  ): Promise<void> => {
    const values = inputs.map((t, i) => randomValues(elementCount(t.shape), i));
    const map = new Map(inputs.map((t, i) => [t as Operand, values[i]!]));
    const want = new Float64Array(elementCount(result.shape));
    expected(values, want);
    const y = await runDispatches(kernels, lowered(kernels.profile, profile, lower), map, result, result.shape);
    const size = want.reduce((largest, v) => Math.max(largest, Math.abs(v)), 1);
    // f32 sums and, in Winograd's transforms, differences: relative to the largest result.
    y.forEach((v, i) => {
      expect(Math.abs(v - want[i]!), `element ${String(i)}`).toBeLessThan(2e-5 * size);
    });
  };

  const tensors = (s: ConvSizes): Record<"x" | "w" | "y", Tensor> => {
    const g = new Graph();
    return {
      x: g.input("x", [s.images, s.h, s.w, s.ci]),
      w: g.input("w", [s.kh, s.kw, s.ci, s.co]),
      y: g.input("y", [s.images, s.oh, s.ow, s.co]),
    };
  };

  test.each(cases)("$name agrees with f64", async (s) => {
    const { x, w, y } = tensors(s);
    await check(
      [x, w],
      y,
      (context) => {
        convolve(s, x, w, y, {}, context);
      },
      ([xs, ws], out) => {
        forEachTerm(s, (i, j, k) => {
          out[k]! += xs![i]! * ws![j]!;
        });
      },
    );
  });

  test.each(cases)("the input gradient of $name agrees with f64", async (s) => {
    const { x, w, y } = tensors(s);
    await check(
      [y, w],
      x,
      (context) => {
        convolveInputGradient(s, y, w, x, context);
      },
      ([dys, ws], out) => {
        forEachTerm(s, (i, j, k) => {
          out[i]! += dys![k]! * ws![j]!;
        });
      },
    );
  });

  test.each(cases)("the weight gradient of $name agrees with f64", async (s) => {
    const { x, w, y } = tensors(s);
    await check(
      [x, y],
      w,
      (context) => {
        convolveWeightGradient(s, x, y, w, context);
      },
      ([xs, dys], out) => {
        forEachTerm(s, (i, j, k) => {
          out[j]! += xs![i]! * dys![k]!;
        });
      },
    );
  });

  // The products between the transforms are those of gemm.test.ts.
  describe.skipIf(profile === "gpu")("by Winograd's transforms", () => {
    const s = cases[0]!;

    test("the forward direction agrees with f64", async () => {
      const { x, w, y } = tensors(s);
      const bias = x.graph.input("bias", [s.co]);
      const lower = (context: LoweringContext): void => {
        winograd(s, x, w, y, { bias, activation: "relu" }, context);
      };
      await check([x, w, bias], y, lower, ([xs, ws, bs], out) => {
        forEachTerm(s, (i, j, k) => {
          out[k]! += xs![i]! * ws![j]!;
        });
        out.forEach((v, i) => {
          out[i] = Math.max(0, v + bs![i % s.co]!);
        });
      });
    });

    test("the input gradient agrees with f64", async () => {
      const { x, w, y } = tensors(s);
      const lower = (context: LoweringContext): void => {
        winogradInputGradient(s, y, w, x, context);
      };
      await check([y, w], x, lower, ([dys, ws], out) => {
        forEachTerm(s, (i, j, k) => {
          out[i]! += dys![k]! * ws![j]!;
        });
      });
    });

    test("the weight gradient agrees with f64", async () => {
      const { x, w, y } = tensors(s);
      const lower = (context: LoweringContext): void => {
        winogradWeightGradient(s, x, y, w, context);
      };
      await check([x, y], w, lower, ([xs, dys], out) => {
        forEachTerm(s, (i, j, k) => {
          out[j]! += xs![i]! * dys![k]!;
        });
      });
    });
  });

  test("the first channels are the same bit for bit among few as among many", async () => {
    const few = { ...same, images: 3, h: 6, w: 8, ci: 16, oh: 6, ow: 8, co: 16 };
    const many = { ...few, ci: 32, co: 32 };
    // Values by place, so that those of the few channels are those of the many.
    const filled = ({ shape }: Tensor): Float32Array =>
      Float32Array.from({ length: elementCount(shape) }, (_, at) => {
        let [rest, value] = [at, 0];
        for (const size of [...shape].reverse()) {
          value = value * 64 + (rest % size);
          rest = Math.floor(rest / size);
        }
        return Math.sin(value);
      });
    const results = async (s: ConvSizes): Promise<readonly Float32Array[]> => {
      const run = (result: Tensor, inputs: readonly Tensor[], lower: (context: LoweringContext) => void) => {
        const values = new Map(inputs.map((t) => [t as Operand, filled(t)]));
        return runDispatches(kernels, lowered(kernels.profile, profile, lower), values, result, result.shape);
      };
      const [forward, input, weight] = [
        { ...s, ci: 16 },
        { ...s, co: 16 },
        { ...s, ci: 16 },
      ];
      const [a, b, c] = [tensors(forward), tensors(input), tensors(weight)];
      return [
        await run(a.y, [a.x, a.w], (context) => {
          convolve(forward, a.x, a.w, a.y, {}, context);
        }),
        await run(b.x, [b.y, b.w], (context) => {
          convolveInputGradient(input, b.y, b.w, b.x, context);
        }),
        await run(c.w, [c.x, c.y], (context) => {
          convolveWeightGradient(weight, c.x, c.y, c.w, context);
        }),
      ];
    };
    const first16 = (values: Float32Array): Float32Array => values.filter((_, i) => i % 32 < 16);
    expect(await results(few)).toEqual((await results(many)).map(first16));
  });

  test.each([4, 20])("rows of a later grid are the same bit for bit: %s channels", async (channels) => {
    const s = { ...same, images: 8, h: 40, w: 4, ci: channels, oh: 40, ow: 4, co: channels };
    const { x, w, y } = tensors(s);
    const values = new Map([x, w].map((t, i) => [t as Operand, randomValues(elementCount(t.shape), i)]));
    const dispatches = lowered(kernels.profile, profile, (context) => {
      convolve(s, x, w, y, {}, context);
    });
    const [whole, ...others] = dispatches;
    expect(others).toEqual([]);
    const [columns, tiles, phases] = whole!.workgroups;
    const first: Dispatch = { ...whole!, workgroups: [columns, 1, phases] };
    const sizes = { ...whole!.sizes, ROW_BEGIN: (8 * 40 * 4) / tiles };
    const rest: Dispatch = { ...whole!, sizes, workgroups: [columns, tiles - 1, phases] };
    const apart = await runDispatches(kernels, [first, rest], values, y, y.shape);
    expect(apart).toEqual(await runDispatches(kernels, dispatches, values, y, y.shape));
  });

  // Lavapipe's tiles of 32 rows by few channels.
  test.runIf(profile === "lavapipe").each(["forward", "by the input"])(
    "more pixels than one grid holds agree with f64: %s",
    async (direction) => {
      const size = { h: 1025, w: 1024, oh: 1025, ow: 1024 };
      const s = { ...size, images: 2, kh: 1, kw: 1, stride: 1, top: 0, left: 0, ci: 4, co: 4 };
      const { x, w, y } = tensors(s);
      const [from, to] = direction === "forward" ? [x, y] : [y, x];
      const values = new Map([from, w].map((t, i) => [t as Operand, randomValues(elementCount(t.shape), i)]));
      const dispatches = lowered(kernels.profile, profile, (context) => {
        if (direction === "forward") convolve(s, x, w, y, {}, context);
        else convolveInputGradient(s, y, w, x, context);
      });
      for (const { workgroups } of dispatches) expect(Math.max(...workgroups)).toBeLessThanOrEqual(65_535);
      const got = await runDispatches(kernels, dispatches, values, to, to.shape);
      const want = new Float64Array(got.length);
      const [given, ws] = [values.get(from)!, values.get(w)!];
      forEachTerm(s, (i, j, k) => {
        const [source, target] = direction === "forward" ? [i, k] : [k, i];
        want[target]! += given[source]! * ws[j]!;
      });
      expect(got.findIndex((value, i) => !(Math.abs(value - want[i]!) < 4e-6))).toBe(-1);
    },
  );

  test.each([narrow, wide])("bias, residual and SiLU follow in the same kernel: $name", async (s) => {
    const { x, w, y } = tensors(s);
    const bias = x.graph.input("bias", [s.co]);
    const residual = x.graph.input("residual", y.shape);
    const lower = (context: LoweringContext): void => {
      convolve(s, x, w, y, { bias, residual, activation: "silu" }, context);
    };
    await check([x, w, bias, residual], y, lower, ([xs, ws, bs, rs], out) => {
      forEachTerm(s, (i, j, k) => {
        out[k]! += xs![i]! * ws![j]!;
      });
      out.forEach((v, i) => {
        const sum = v + bs![i % s.co]! + rs![i]!;
        out[i] = sum / (1 + Math.exp(-sum));
      });
    });
  });
});
