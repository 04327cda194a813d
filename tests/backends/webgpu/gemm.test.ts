import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Product } from "../../../src/backends/webgpu/kernels/gemm.ts";
import { product } from "../../../src/backends/webgpu/kernels/gemm.ts";
import type { Operand } from "../../../src/backends/webgpu/lowering.ts";
import type { ProfileName } from "../../../src/backends/webgpu/profile.ts";
import { Graph } from "../../../src/graph/graph.ts";
import type { Tensor } from "../../../src/graph/tensor.ts";
import { randomValues } from "./random-values.ts";
import type { KernelDevice } from "./run-dispatches.ts";
import { lowered, openKernelDevice, runDispatches } from "./run-dispatches.ts";

/** op(a)·op(b) in f64, with the epilogue. */
function expected(p: Product, values: ReadonlyMap<Operand, Float32Array>, size: number): Float64Array {
  const y = new Float64Array(size).fill(NaN);
  const of = (operand: Operand): Float32Array => values.get(operand)!;
  for (let z = 0; z < (p.batch ?? 1); z++) {
    const [outer, inner] = [Math.floor(z / (p.batchInner ?? 1)), z % (p.batchInner ?? 1)];
    const base = ({ outer: o = 0, inner: i = 0 }: Product["a"]): number => outer * o + inner * i;
    for (let row = 0; row < p.m; row++) {
      for (let column = 0; column < p.n; column++) {
        let sum = 0;
        for (let k = 0; k < p.k; k++) {
          const a = of(p.a.of)[base(p.a) + (p.a.transposed ? k * p.a.stride + row : row * p.a.stride + k)]!;
          const b = of(p.b.of)[base(p.b) + (p.b.transposed ? column * p.b.stride + k : k * p.b.stride + column)]!;
          sum += a * b;
        }
        const at = base(p.c) + row * p.c.stride + column;
        sum *= p.alpha ?? 1;
        if (p.bias) sum += of(p.bias)[column]!;
        if (p.residual) sum += of(p.residual)[at]!;
        y[at] = p.activation === "silu" ? sum / (1 + Math.exp(-sum)) : sum;
      }
    }
  }
  return y;
}

interface Case {
  readonly name: string;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly ta?: boolean;
  readonly tb?: boolean;
  readonly epilogue?: boolean;
}

const cases: readonly Case[] = [
  { name: "AB", m: 37, n: 44, k: 28 },
  { name: "ABᵀ", m: 37, n: 44, k: 28, tb: true },
  { name: "AᵀB", m: 36, n: 44, k: 27, ta: true },
  { name: "AᵀBᵀ", m: 36, n: 44, k: 28, ta: true, tb: true },
  { name: "AB of many rows", m: 1000, n: 36, k: 12 },
  { name: "ABᵀ of many rows", m: 1000, n: 36, k: 12, tb: true },
  { name: "AᵀB of many rows", m: 132, n: 36, k: 27, ta: true },
  { name: "AB of many rows with bias, residual and SiLU", m: 131, n: 36, k: 18, epilogue: true },
  { name: "ABᵀ of many rows and a few columns more than a tile", m: 257, n: 40, k: 20, tb: true },
  { name: "AB of many rows and few columns", m: 260, n: 8, k: 12 },
  { name: "AB of a few rows", m: 13, n: 44, k: 28 },
  { name: "ABᵀ of a few rows", m: 13, n: 44, k: 27, tb: true },
  { name: "AB with odd sizes", m: 5, n: 7, k: 3 },
  { name: "AᵀB with a long sum", m: 20, n: 12, k: 2500, ta: true },
  { name: "AB with bias, residual and SiLU", m: 19, n: 36, k: 16, epilogue: true },
  { name: "AB with bias, residual, SiLU and odd sizes", m: 3, n: 5, k: 6, epilogue: true },
];

describe.each<ProfileName>(["lavapipe", "swiftshader", "gpu"])("products with the kernels for %s", (profile) => {
  let kernels: KernelDevice;
  beforeAll(async () => {
    kernels = await openKernelDevice();
  });
  afterAll(() => {
    kernels.device.destroy();
  });

  test.each(cases)("$name agrees with f64", async ({ m, n, k, ta = false, tb = false, epilogue = false }) => {
    const g = new Graph();
    const a = g.input("a", [m * k]);
    const b = g.input("b", [k * n]);
    const c = g.input("c", [m * n]);
    const bias = g.input("bias", [n]);
    const residual = g.input("residual", [m * n]);
    const values = new Map([a, b, bias, residual].map((t, i) => [t as Operand, randomValues(t.shape[0]!, i)]));
    const p: Product = {
      m,
      n,
      k,
      a: { of: a, stride: ta ? m : k, transposed: ta },
      b: { of: b, stride: tb ? k : n, transposed: tb },
      c: { of: c, stride: n },
      ...(epilogue ? { alpha: 0.5, bias, residual, activation: "silu" as const } : {}),
    };
    const y = await runDispatches(
      kernels,
      lowered(kernels.profile, profile, (context) => {
        product(p, context);
      }),
      values,
      c,
      [m * n],
    );
    const want = expected(p, values, m * n);
    // f32 sums of k terms below 1 in size: rounding grows with √k.
    y.forEach((value, i) => {
      expect(Math.abs(value - want[i]!), `element ${String(i)}`).toBeLessThan(2e-6 * Math.sqrt(k) + 1e-6);
    });
  });

  test.runIf(profile === "lavapipe").each([false, true])(
    "a row is the same bit for bit in tiles of 16, 24 and 32 rows, B transposed: %s",
    async (transposed) => {
      const [m, n, k] = [192, 68, 28];
      const g = new Graph();
      const [a, b, c] = [g.input("a", [m * k]), g.input("b", [k * n]), g.input("c", [m * n])];
      const [values, weights] = [randomValues(m * k, 0), randomValues(k * n, 1)];
      const rows = async (first: number, count: number): Promise<[unknown, Float32Array]> => {
        const dispatches = lowered(kernels.profile, profile, (context) => {
          product(
            {
              ...{ m: count, n, k, a: { of: a, stride: k }, c: { of: c, stride: n } },
              b: { of: b, stride: transposed ? k : n, transposed },
            },
            context,
          );
        });
        const padded = new Float32Array(m * k);
        padded.set(values.subarray(first * k, (first + count) * k));
        const given = new Map<Operand, Float32Array>([
          [a, padded],
          [b, weights],
        ]);
        const y = await runDispatches(kernels, dispatches, given, c, c.shape);
        return [dispatches[0]!.constants["EIGHTS"], y.slice(0, count * n)];
      };
      const [thirtyTwo, all] = await rows(0, m);
      const [twentyFour, middle] = await rows(16, 72);
      const [sixteen, few] = await rows(32, 16);
      expect([sixteen, twentyFour, thirtyTwo]).toEqual([2, 3, 4]);
      expect(middle).toEqual(all.slice(16 * n, 88 * n));
      expect(few).toEqual(all.slice(32 * n, 48 * n));
    },
  );

  test.runIf(profile === "lavapipe").each([false, true])(
    "more rows than one grid holds agree with f64, A transposed: %s",
    async (transposed) => {
      const [m, n, k] = [(transposed ? 16 : 32) * 65_535 + 4, 4, 4];
      const g = new Graph();
      const [a, b, c] = [g.input("a", [m * k]), g.input("b", [k * n]), g.input("c", [m * n])];
      const residual = g.input("residual", [m * n]);
      const values = new Map([a, b, residual].map((t, i) => [t as Operand, randomValues(t.shape[0]!, i)]));
      const p: Product = {
        ...{ m, n, k, residual },
        a: { of: a, stride: transposed ? m : k, transposed },
        b: { of: b, stride: n },
        c: { of: c, stride: n },
      };
      const dispatches = lowered(kernels.profile, profile, (context) => {
        product(p, context);
      });
      for (const { workgroups } of dispatches) expect(Math.max(...workgroups)).toBeLessThanOrEqual(65_535);
      const y = await runDispatches(kernels, dispatches, values, c, c.shape);
      const want = expected(p, values, y.length);
      expect(y.findIndex((value, i) => !(Math.abs(value - want[i]!) < 4e-6))).toBe(-1);
    },
  );

  // One kernel's compilation is enough: bands are the same for all.
  test.runIf(profile === "lavapipe")("more matrices than one grid holds agree with f64", async () => {
    const [blocks, heads, size] = [32_780, 2, 4];
    const g = new Graph();
    const shape = [blocks * heads * size * size];
    const [a, b, c, residual] = ["a", "b", "c", "residual"].map((name) => g.input(name, shape)) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const values = new Map([a, b, residual].map((t, i) => [t as Operand, randomValues(t.shape[0]!, i)]));
    const heap = { stride: heads * size, outer: heads * size * size, inner: size };
    const p: Product = {
      ...{ m: size, n: size, k: size, batch: blocks * heads, batchInner: heads, residual },
      a: { of: a, ...heap },
      b: { of: b, ...heap },
      c: { of: c, ...heap },
    };
    const dispatches = lowered(kernels.profile, profile, (context) => {
      product(p, context);
    });
    expect(dispatches.map(({ workgroups }) => workgroups[2])).toEqual([65_504, 56]);
    const y = await runDispatches(kernels, dispatches, values, c, c.shape);
    const want = expected(p, values, y.length);
    expect(y.findIndex((value, i) => !(Math.abs(value - want[i]!) < 4e-6))).toBe(-1);
  });

  test("a long sum of sizes that whole vectors do not fit keeps its digits", async () => {
    const [m, n, k] = [3, 5, 200_001];
    const g = new Graph();
    const [a, b, c] = [g.input("a", [m * k]), g.input("b", [k * n]), g.input("c", [m * n])];
    const tenths = (t: Tensor): [Operand, Float32Array] => [t, new Float32Array(t.shape[0]!).fill(0.1)];
    for (const transposed of [false, true]) {
      const p: Product = {
        ...{ m, n, k },
        a: { of: a, stride: transposed ? m : k, transposed },
        b: { of: b, stride: transposed ? k : n, transposed },
        c: { of: c, stride: n },
      };
      const dispatches = lowered(kernels.profile, profile, (context) => {
        product(p, context);
      });
      const y = await runDispatches(kernels, dispatches, new Map([tenths(a), tenths(b)]), c, c.shape);
      // 4,096 terms in a row lose at most 4e-5 of their sum, 200,001 a five-hundredth.
      for (const value of y) expect(Math.abs(value / (k * Math.fround(0.1) ** 2) - 1)).toBeLessThan(1e-4);
    }
  });

  test("heads side by side in one tensor are multiplied without copies", async () => {
    const [batch, heads, tq, tk, d] = [2, 3, 9, 7, 8];
    const g = new Graph();
    const q = g.input("q", [batch * tq * heads * d]);
    const keys = g.input("k", [batch * tk * heads * d]);
    const scores = g.input("s", [batch * heads * tq * 8]);
    const values = new Map([q, keys].map((t, i) => [t as Operand, randomValues(t.shape[0]!, i)]));
    const p: Product = {
      m: tq,
      n: 8,
      k: d,
      batch: batch * heads,
      batchInner: heads,
      alpha: 0.25,
      a: { of: q, stride: heads * d, outer: tq * heads * d, inner: d },
      b: { of: keys, stride: heads * d, outer: tk * heads * d, inner: d, transposed: true },
      c: { of: scores, stride: 8, outer: heads * tq * 8, inner: tq * 8 },
    };
    const y = await runDispatches(
      kernels,
      lowered(kernels.profile, profile, (context) => {
        product(p, context);
      }),
      values,
      scores,
      scores.shape,
    );
    const want = expected({ ...p, n: tk }, values, y.length);
    want.forEach((value, i) => {
      if (!Number.isNaN(value)) expect(Math.abs(y[i]! - value)).toBeLessThan(1e-5);
    });
  });
});
