import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import type { NormActivation } from "../../src/graph/ops/norm.ts";
import { batchNormInference, batchNormTraining, groupNorm, layerNorm } from "../../src/graph/ops/norm.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { expectAgreement, normalValues, relativeError } from "./agree.ts";
import { expectGradients, gradientOutputs } from "./gradient-check.ts";
import { gpuKernelBackend, nodeBackend } from "./node-backend.ts";

type Build = (g: Graph) => Tensor;

const parameters = (g: Graph, channels: number): [Tensor, Tensor] => [
  g.input("weight", [channels]),
  g.input("bias", [channels]),
];

const group =
  (shape: number[], groups: number, activation: NormActivation = "none"): Build =>
  (g) =>
    groupNorm(g.input("x", shape), ...parameters(g, shape.at(-1)!), groups, { epsilon: 1e-5, activation });

const layer =
  (shape: number[], activation: NormActivation = "none"): Build =>
  (g) =>
    layerNorm(g.input("x", shape), ...parameters(g, shape.at(-1)!), { epsilon: 1e-5, activation });

const batch =
  (shape: number[], activation: NormActivation = "none"): Build =>
  (g) =>
    batchNormTraining(g.input("x", shape), ...parameters(g, shape.at(-1)!), { epsilon: 1e-5, activation }).y;

const inference =
  (shape: number[], activation: NormActivation = "none"): Build =>
  (g) => {
    const c = shape.at(-1)!;
    const [weight, bias] = parameters(g, c);
    const [mean, variance] = [g.input("mean", [c]), g.input("variance", [c])];
    return batchNormInference(g.input("x", shape), weight, bias, mean, variance, { epsilon: 1e-5, activation });
  };

const cases: [string, Build][] = [
  ["group norm", group([3, 4, 4, 16], 4)],
  ["group norm with silu", group([3, 5, 3, 16], 4, "silu")],
  ["group norm of groups that straddle vectors", group([2, 4, 4, 20], 2, "silu")],
  ["group norm of odd channels", group([2, 3, 3, 6], 3, "relu")],
  ["group norm of single pixels", group([3, 1, 1, 16], 4)],
  ["group norm of many pixels", group([2, 40, 30, 8], 2, "silu")],
  ["layer norm", layer([2, 7, 16])],
  ["layer norm of wide rows", layer([3, 300], "silu")],
  ["layer norm of odd rows", layer([70, 7], "relu")],
  ["batch norm", batch([4, 6, 6, 8])],
  ["batch norm with relu", batch([4, 3, 5, 20], "relu")],
  ["batch norm of odd channels", batch([4, 3, 5, 3], "relu")],
  ["batch norm of many rows", batch([8, 32, 32, 4], "relu")],
];

describe("normalisation", () => {
  test.each(cases)("%s and its gradients agree with the reference", async (_, build) => {
    await expectAgreement(await nodeBackend(), () =>
      trace((g) => {
        const y = build(g);
        return { y, ...gradientOutputs(g, y, ["x", "weight", "bias"]) };
      }),
    );
  });

  test("group, layer and batch norm by the kernels for GPUs agree with the reference", async () => {
    const backend = await gpuKernelBackend();
    for (const build of [group([3, 5, 3, 16], 4, "silu"), layer([5, 132], "silu"), batch([4, 9, 9, 8], "relu")]) {
      await expectAgreement(backend, () =>
        trace((g) => {
          const y = build(g);
          return { y, ...gradientOutputs(g, y, ["x", "weight", "bias"]) };
        }),
      );
    }
  });

  test("batch norm at inference and its gradients agree with the reference", async () => {
    for (const shape of [
      [3, 4, 4, 8],
      [3, 4, 4, 5],
    ]) {
      const variance = normalValues("variance", shape.at(-1)!).map((v) => v * v + 0.1);
      await expectAgreement(
        await nodeBackend(),
        () =>
          trace((g) => {
            const y = inference(shape, "relu")(g);
            return { y, ...gradientOutputs(g, y, ["x", "weight", "bias"]) };
          }),
        { inputs: { variance } },
      );
    }
  });

  test("a batch's moments agree with the reference", async () => {
    await expectAgreement(await nodeBackend(), () =>
      trace((g) => {
        const { mean, variance } = batchNormTraining(g.input("x", [5, 3, 3, 12]), ...parameters(g, 12), {
          epsilon: 1e-5,
        });
        return { mean, variance };
      }),
    );
  });

  test("statistics keep their digits when the mean is a thousand deviations", async () => {
    const x = normalValues("x", 2 * 64 * 64 * 8).map((v) => v + 1000);
    for (const build of [group([2, 64, 64, 8], 2), layer([512, 128]), batch([2, 64, 64, 8])]) {
      // x itself is rounded to 6e-5 of its deviation.
      await expectAgreement(await nodeBackend(), () => trace((g) => ({ y: build(g) })), {
        inputs: { x },
        tolerance: 1e-4,
      });
    }
  });

  test("a second run with other values leaves nothing of the first", async () => {
    const backend = await nodeBackend();
    const graph = trace((g) => {
      const y = group([3, 4, 4, 16], 4, "silu")(g);
      return { y, ...gradientOutputs(g, y, ["x", "weight", "bias"]) };
    });
    const program = await backend.compile(graph, backend.variables());
    const given = (name: string) => ({
      x: normalValues(`${name} x`, 768),
      weight: normalValues(`${name} weight`, 16),
      bias: normalValues(`${name} bias`, 16),
    });
    await program.run(given("one"));
    const first = await program.read("dx");
    await program.run(given("two"));
    expect(relativeError(await program.read("dx"), first)).toBeGreaterThan(0.1);
    await program.run(given("one"));
    expect(await program.read("dx")).toEqual(first);
    program.dispose();
  });
});

describe("gradients of normalisation on the reference", () => {
  const smooth: [string, Build][] = [
    ["group norm", group([2, 3, 2, 8], 2, "silu")],
    ["group norm of single pixels", group([2, 1, 1, 8], 2, "silu")],
    ["layer norm", layer([3, 8], "silu")],
    ["layer norm without activation", layer([3, 8])],
    ["batch norm", batch([3, 2, 2, 4], "silu")],
  ];
  test.each(smooth)("%s equals finite differences", async (_, build) => {
    await expectGradients(build);
  });

  test("batch norm at inference equals finite differences", async () => {
    const variance = Float32Array.of(0.5, 1, 1.5, 2);
    await expectGradients(inference([2, 2, 2, 4], "silu"), { inputs: { variance }, wrt: ["x", "weight", "bias"] });
  });
});
