import { describe, expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import { conv2d } from "../../src/graph/ops/conv.ts";
import * as ops from "../../src/graph/ops/elementwise.ts";
import { linear } from "../../src/graph/ops/matmul.ts";
import type { NormActivation } from "../../src/graph/ops/norm.ts";
import { batchNormInference, batchNormTraining, groupNorm, layerNorm } from "../../src/graph/ops/norm.ts";
import { clipFactor } from "../../src/graph/ops/optimizer.ts";
import { maxPool2d } from "../../src/graph/ops/pool.ts";
import { crossEntropyRows, softmax } from "../../src/graph/ops/softmax.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { normalValues } from "./agree.ts";
import { gradientOutputs } from "./gradient-check.ts";
import { expectSameNaN, nanPlaces, outputsOf, withNaN } from "./nan-check.ts";
import { gpuKernelBackend, nodeBackend } from "./node-backend.ts";

// Kernels for CPU adapters and for GPUs.
const backends = [
  ["the adapter", nodeBackend],
  ["a GPU", gpuKernelBackend],
] as const;

const unary = ["relu", "balancedRelu", "silu", "gelu", "quickGelu", "sigmoid", "tanh", "exp", "log", "square"] as const;

test.each(unary)("%s of NaN is NaN, and its gradient is what the reference has", async (name) => {
  const places = [0, 2, 3, 7, 62];
  const x = withNaN(
    normalValues("x", 63).map((value) => Math.abs(value) + 0.1),
    ...places,
  );
  const build = (): Graph =>
    trace((g) => {
      const y = ops[name](g.input("x", [63]));
      return { y, ...gradientOutputs(g, y, ["x"]) };
    });
  const { y } = await expectSameNaN(await nodeBackend(), build, { x });
  expect(nanPlaces(y!)).toEqual(places);
});

test("geglu of NaN is NaN, and its gradient is what the reference has", async () => {
  const build = (): Graph =>
    trace((g) => {
      const y = ops.geglu(g.input("x", [2, 16]));
      return { y, ...gradientOutputs(g, y, ["x"]) };
    });
  const { y } = await expectSameNaN(await nodeBackend(), build, { x: withNaN(normalValues("x", 32), 1, 10) });
  expect(nanPlaces(y!)).toEqual([1, 2]);
});

describe.each(backends)("by the kernels for %s", (_, open) => {
  test.each(["relu", "silu", "gelu", "quickGelu"] as const)(
    "a bias of NaN passes %s behind a product",
    async (name) => {
      // The bias comes last: through the product itself a NaN would reach more than its column.
      const act = ops[name];
      const product = (g: Graph, rows: number, c: number): Tensor =>
        act(
          linear(
            g.input(`x${String(c)}`, [rows, 32]),
            g.input(`w${String(c)}`, [32, c]),
            g.input(`b${String(c)}`, [c]),
          ),
        );
      const image = (g: Graph, stride: number): Tensor =>
        act(
          ops.add(
            conv2d(g.input("image", [1, 8, 8, 32]), g.input("kernel", [3, 3, 32, 32]), { padding: 1, stride }),
            bias(g),
          ),
        );
      const bias = (g: Graph): Tensor => g.input("b32", [32]);
      const build = (): Graph =>
        trace((g) => ({
          product: product(g, 16, 32),
          tall: product(g, 16, 36),
          odd: product(g, 16, 5),
          winograd: image(g, 1),
          direct: image(g, 2),
        }));
      const inputs = Object.fromEntries(
        [32, 36, 5].map((c) => [`b${String(c)}`, withNaN(normalValues(`b${String(c)}`, c), 0, 3)]),
      );
      const outputs = await expectSameNaN(await open(), build, inputs);
      for (const y of Object.values(outputs)) expect(nanPlaces(y)).toContain(3);
    },
  );

  test.each(["relu", "silu"] as const)("NaN passes normalisation with %s, and its statistics", async (activation) => {
    const options = { epsilon: 1e-5, activation: activation as NormActivation };
    for (const c of [8, 6]) {
      const build = (): Graph =>
        trace((g) => {
          const [x, weight, bias] = [g.input("x", [2, 3, 3, c]), g.input("weight", [c]), g.input("bias", [c])];
          const [mean, variance] = [g.input("mean", [c]), g.input("variance", [c])];
          const batch = batchNormTraining(x, weight, bias, options);
          return {
            group: groupNorm(x, weight, bias, 2, options),
            layer: layerNorm(x, weight, bias, options),
            batch: batch.y,
            batchMean: batch.mean,
            batchVariance: batch.variance,
            inference: batchNormInference(x, weight, bias, mean, variance, options),
          };
        });
      const variance = new Float32Array(c).fill(2);
      const x = normalValues("x", 18 * c);
      const backend = await open();
      await expectSameNaN(backend, build, { x: withNaN(x, 1, 9 * c + 3), variance });
      await expectSameNaN(backend, build, { x, variance, bias: withNaN(normalValues("bias", c), 2) });
    }
  });

  test.each([8, 6])("of %s channels, the variance of the one with an Infinity is NaN", async (c) => {
    const build = (): Graph =>
      trace((g) => {
        const [x, weight, bias] = [g.input("x", [2, 3, 3, c]), g.input("weight", [c]), g.input("bias", [c])];
        const { y, variance } = batchNormTraining(x, weight, bias, { epsilon: 1e-5, activation: "relu" });
        return { y, variance };
      });
    const x = normalValues("x", 18 * c);
    x[c + 2] = Infinity;
    const { variance } = await expectSameNaN(await open(), build, { x });
    expect(nanPlaces(variance!)).toEqual([2]);
  });

  test.each([4, 3])("max pool of %s channels has NaN where a window has one", async (c) => {
    const x = withNaN(normalValues("x", 25 * c), 0, 12 * c + 1, 13 * c + 1);
    const build = (): Graph =>
      trace((g) => {
        const y = maxPool2d(g.input("x", [1, 5, 5, c]), { size: 3, stride: 2, padding: 1 });
        return { y, ...gradientOutputs(g, y, ["x"]) };
      });
    const { y } = await expectSameNaN(await open(), build, { x });
    // Pixel (2, 2) is in the middle window alone, (2, 3) in the one beside it too: there the last NaN has the gradient.
    expect(nanPlaces(y!)).toEqual([0, 4 * c + 1, 5 * c + 1]);
  });

  test("softmax and cross-entropy of a row with a NaN are NaN, and their gradients", async () => {
    const build = (): Graph =>
      trace((g) => {
        const [x, z] = [g.input("x", [3, 70]), g.input("z", [3, 70])];
        const [y, loss] = [softmax(x), crossEntropyRows(z, g.input("labels", [3], "u32"))];
        return { y, loss, ...gradientOutputs(g, y, ["x"]), ...gradientOutputs(g, loss, ["z"]) };
      });
    const labels = Uint32Array.of(1, 2, 3);
    for (const place of [0, 69]) {
      const values = withNaN(normalValues("x", 210), 70 + place);
      const { loss } = await expectSameNaN(await open(), build, { x: values, z: values, labels });
      expect(nanPlaces(loss!)).toEqual([1]);
    }
  });

  test("a gradient with a NaN makes the factor that clips it NaN", async () => {
    const build = (): Graph => trace((g) => ({ ...clipFactor([g.input("x", [9])], 1) }));
    const { factor } = await expectSameNaN(await open(), build, { x: withNaN(normalValues("x", 9), 4) });
    expect(factor).toEqual(Float32Array.of(NaN));
  });

  test.each(["q", "k"])("where the gradients of attention of a NaN in %s are NaN, none is finite", async (name) => {
    const build = (): Graph =>
      trace((g) => {
        const [q, k, v] = [g.input("q", [1, 8, 8]), g.input("k", [1, 8, 8]), g.input("v", [1, 8, 8])];
        const y = attention(q, k, v, { heads: 2 });
        return { y, ...gradientOutputs(g, y, ["q", "k", "v"]) };
      });
    const inputs = { [name]: withNaN(normalValues(name, 64), 3) };
    const expected = await outputsOf(new ReferenceBackend(), build(), inputs);
    const actual = await outputsOf(await open(), build(), inputs);
    for (const [of, values] of Object.entries(expected)) {
      // SwiftShader has exp(NaN) = ∞: not each of them is NaN there.
      const finite = nanPlaces(values).filter((i) => Number.isFinite(actual[of]![i]));
      expect(finite, of).toEqual([]);
    }
    expect(nanPlaces(actual["y"]!)).toEqual(nanPlaces(expected["y"]!));
  });
});
