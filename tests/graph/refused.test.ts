/** What no graph is built of: each is told at once, with what was expected and what came. */
import { describe, expect, test } from "vitest";
import { Graph } from "../../src/graph/graph.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import { conv2d } from "../../src/graph/ops/conv.ts";
import { add, affine, geglu, relu } from "../../src/graph/ops/elementwise.ts";
import { gather } from "../../src/graph/ops/embedding.ts";
import { matmul } from "../../src/graph/ops/matmul.ts";
import { spatialMean, sum } from "../../src/graph/ops/mean.ts";
import { batchNormInference, groupNorm } from "../../src/graph/ops/norm.ts";
import { averagePool2d, maxPool2d, upsampleNearest2d } from "../../src/graph/ops/pool.ts";
import { broadcastTo, sumTo } from "../../src/graph/ops/reduce.ts";
import { concat, pad, pickRows, reshape, slice } from "../../src/graph/ops/shape.ts";
import { softmax, topK } from "../../src/graph/ops/softmax.ts";
import type { Padding } from "../../src/graph/ops/conv.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import type { Build } from "./refusals.ts";
import { f32, refused, u32, w } from "./refusals.ts";

describe("integers where numbers belong are refused by", () => {
  const ops: Readonly<Record<string, Build>> = {
    unary: (g) => relu(u32(g, 4)),
    affine: (g) => affine(u32(g, 4), 2),
    binary: (g) => add(f32(g, 4), u32(g, 4)),
    geglu: (g) => geglu(u32(g, 2, 4)),
    sum_to: (g) => sum(u32(g, 2, 4)),
    broadcast_to: (g) => broadcastTo(u32(g, 1, 4), [2, 4]),
    concat: (g) => concat([f32(g, 2, 4), u32(g, 2, 4)]),
    slice: (g) => slice(u32(g, 2, 4), 0, 2),
    pad: (g) => pad(u32(g, 2, 4), 0, 8),
    pick_rows: (g) => pickRows(u32(g, 2, 3, 4), u32(g, 2)),
    matmul: (g) => matmul(u32(g, 2, 4), f32(g, 4, 4)),
    softmax: (g) => softmax(u32(g, 2, 4)),
    top_k: (g) => topK(u32(g, 2, 4), 1),
    gather: (g) => gather(u32(g, 2, 4), u32(g, 2)),
    max_pool: (g) => maxPool2d(u32(g, 1, 4, 4, 4), { size: 2, stride: 2 }),
  };
  test.each(Object.entries(ops))("%s", (op, build) => {
    expect(() => build(new Graph())).toThrow(new RegExp(`^${op}: element type of input \\d: expected f32, got u32$`));
  });

  test("but not by a view", () => {
    const g = new Graph();
    expect(reshape(u32(g, 4), [2, 2]).dtype).toBe("u32");
  });
});

describe("a name stands for one type:", () => {
  refused({
    "an input": [(g) => [g.input("x", [2]), g.input("x", [2], "u32")], "input x: element type: expected f32, got u32"],
    "a parameter": [
      (g) => [g.parameter({ name: "w", shape: [2], dtype: "f16" }), w(g, "w", 2)],
      "parameter w: element type: expected f16, got f32",
    ],
  });

  test("a half-precision parameter may be asked for again", () => {
    const g = new Graph();
    const spec = { name: "w", shape: [2], dtype: "f16" } as const;
    expect(g.parameter(spec)).toBe(g.parameter(spec));
  });
});

describe("values are of the type that is stored:", () => {
  const plain = [1, 2] as unknown as Float32Array;
  refused({
    "a constant of a plain array": [
      (g) => g.constant(plain, [2]),
      "constant: element type: expected f32 in a Float32Array, got Array",
    ],
    "a constant of integers": [
      (g) => g.constant(Uint32Array.of(1, 2) as unknown as Float32Array, [2]),
      "constant: element type: expected f32 in a Float32Array, got Uint32Array",
    ],
    "an input of half floats": [(g) => g.input("x", [2], "f16"), "input x: element type: expected f32 or u32, got f16"],
  });

  test("a constant keeps the values that it was made of", () => {
    const values = Float32Array.of(1, 2);
    const { node } = new Graph().constant(values, [2]);
    values.fill(9);
    expect(node.attributes["values"]).toEqual(Float32Array.of(1, 2));
  });
});

describe("an output is a tensor of its graph:", () => {
  refused({
    "another graph's is refused": [
      (g) => g.output("y", f32(new Graph(), 2)),
      "output y: expected a tensor of this graph",
    ],
    "nothing is refused": [
      (g) => g.output("y", undefined as unknown as Tensor),
      "output y: expected a tensor of this graph, got none",
    ],
  });
});

describe("shapes and sizes that make no sense are refused:", () => {
  const image: Build = (g) => f32(g, 1, 4, 4, 4);
  const of =
    (build: (x: Tensor) => unknown): Build =>
    (g) =>
      build(image(g) as Tensor);
  refused({
    "groupNorm of a vector": [
      (g) => groupNorm(f32(g, 4), w(g, "w", 4), w(g, "b", 4), 2, { epsilon: 1e-5 }),
      "groupNorm: expected [n, ..., c], got [4]",
    ],
    "batchNormInference's mean": [
      (g) =>
        batchNormInference(f32(g, 2, 4), w(g, "w", 4), w(g, "b", 4), w(g, "m", 8), w(g, "v", 4), { epsilon: 1e-5 }),
      "batchNormInference: mean: expected [4], got [8]",
    ],
    "batchNormInference's variance": [
      (g) =>
        batchNormInference(f32(g, 2, 4), w(g, "w", 4), w(g, "b", 4), w(g, "m", 4), w(g, "v", 1), { epsilon: 1e-5 }),
      "batchNormInference: variance: expected [4], got [1]",
    ],
    "conv2d of half a step": [
      (g) => conv2d(image(g) as Tensor, w(g, "w", 3, 3, 4, 4), { stride: 0.5 }),
      "conv2d: stride: expected a whole number of at least 1, got 0.5",
    ],
    "conv2d of half a pixel's padding": [
      (g) => conv2d(image(g) as Tensor, w(g, "w", 3, 3, 4, 4), { padding: 0.5 }),
      "conv2d: padding: expected a whole number of at least 0, got 0.5",
    ],
    "conv2d of two sides": [
      (g) => conv2d(image(g) as Tensor, w(g, "w", 3, 3, 4, 4), { padding: [1, 1] as unknown as Padding }),
      "conv2d: padding: expected a number or [top, bottom, left, right], got [1, 1]",
    ],
    "conv2d's weight of three axes": [
      (g) => conv2d(image(g) as Tensor, w(g, "w", 3, 4, 4)),
      "conv2d: weight: expected [kh, kw, ci, co], got [3, 4, 4]",
    ],
    "maxPool2d of a size": [
      of((x) => maxPool2d(x, { size: 0, stride: 1 })),
      "maxPool2d: size: expected a whole number of at least 1, got 0",
    ],
    "maxPool2d of a stride": [of((x) => maxPool2d(x, { size: 2, stride: 1.5 })), "maxPool2d: stride: expected"],
    "maxPool2d of a padding": [
      of((x) => maxPool2d(x, { size: 2, stride: 2, padding: -1 })),
      "maxPool2d: padding: expected",
    ],
    "maxPool2d of three axes": [
      (g) => maxPool2d(f32(g, 4, 4, 4), { size: 2, stride: 2 }),
      "maxPool2d: expected [n, h, w, c], got [4, 4, 4]",
    ],
    "averagePool2d of five axes": [
      (g) => averagePool2d(f32(g, 1, 1, 4, 4, 4), 2),
      "averagePool2d: expected [n, h, w, c], got [1, 1, 4, 4, 4]",
    ],
    "averagePool2d of half a window": [
      of((x) => averagePool2d(x, 0.5)),
      "averagePool2d: size: expected a whole number of at least 1, got 0.5",
    ],
    "upsampling by a half": [
      of((x) => upsampleNearest2d(x, 0.5)),
      "upsampleNearest2d: size: expected a whole number of at least 1, got 0.5",
    ],
    "spatialMean of three axes": [
      (g) => spatialMean(f32(g, 4, 4, 4)),
      "spatialMean: expected [n, h, w, c], got [4, 4, 4]",
    ],
    "slice of a fraction": [
      of((x) => slice(x, 0.5, 2)),
      "slice: start: expected a whole number of at least 0, got 0.5",
    ],
    "pad of a fraction": [of((x) => pad(x, 0.5, 8)), "pad: start: expected a whole number of at least 0, got 0.5"],
    "topK of a vector": [(g) => topK(f32(g, 4), 1), "topK: scores: expected [n, m], got [4]"],
    "topK of a fraction": [(g) => topK(f32(g, 2, 4), 1.5), "topK: expected k of 1 to 4, got 1.5"],
    "pickRows of a matrix": [(g) => pickRows(f32(g, 2, 4), u32(g, 2)), "pickRows: expected [b, t, c], got [2, 4]"],
    "matmul of a vector": [(g) => matmul(f32(g, 4), f32(g, 4, 4)), "matmul: a: expected [..., rows, columns], got [4]"],
    "attention of matrices": [
      (g) => attention(f32(g, 2, 8), f32(g, 2, 8), f32(g, 2, 8), { heads: 2 }),
      "attention: q: expected [b, tq, heads·d], got [2, 8]",
    ],
    "sumTo a shape of as many elements": [
      (g) => sumTo(f32(g, 2, 3), [3, 2]),
      "sumTo: expected a shape that broadcasts to [2, 3], got [3, 2]",
    ],
    "an infinite constant": [(g) => g.filled(-Infinity, [2]), "filled: expected a finite f32, got -Infinity"],
    "a constant beyond f32": [(g) => affine(f32(g, 2), 1e39), "affine: scale: expected a finite f32, got 1e+39"],
    "an offset that is no number": [(g) => affine(f32(g, 2), 1, NaN), "affine: offset: expected a finite f32, got NaN"],
  });
});
