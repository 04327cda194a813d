import { describe, expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { trace } from "../../src/graph/graph.ts";
import { crossEntropyRows, softmax, top1 } from "../../src/graph/ops/softmax.ts";
import { expectAgreement, normalValues } from "./agree.ts";
import { expectGradients, gradientOutputs } from "./gradient-check.ts";
import { gpuKernelBackend, nodeBackend } from "./node-backend.ts";

const labelsFor = (rows: number, classes: number): Uint32Array =>
  Uint32Array.from({ length: rows }, (_, row) => (row * 7 + 3) % classes);

describe("softmax", () => {
  test.each([[[3, 10]], [[70, 5]], [[2, 3, 1000]], [[5, 1]]])(
    "of [%s] and its gradient agree with the reference",
    async (shape) => {
      await expectAgreement(await nodeBackend(), () =>
        trace((g) => {
          const y = softmax(g.input("x", shape));
          return { y, ...gradientOutputs(g, y, ["x"]) };
        }),
      );
    },
  );

  test("of logits in the thousands does not overflow", async () => {
    const x = normalValues("x", 40, 1000);
    await expectAgreement(await nodeBackend(), () => trace((g) => ({ y: softmax(g.input("x", [4, 10])) })), {
      inputs: { x },
    });
  });

  test("has a gradient that equals finite differences", async () => {
    await expectGradients((g) => softmax(g.input("x", [3, 6])));
  });
});

describe("cross-entropy", () => {
  test.each([
    [4, 10],
    [70, 3],
    [5, 1000],
  ])("of %s rows and %s classes and its gradient agree with the reference", async (n, classes) => {
    for (const scale of [1, 200]) {
      const inputs = { labels: labelsFor(n, classes), x: normalValues("x", n * classes, scale) };
      await expectAgreement(
        await nodeBackend(),
        () =>
          trace((g) => {
            const y = crossEntropyRows(g.input("x", [n, classes]), g.input("labels", [n], "u32"));
            return { y, ...gradientOutputs(g, y, ["x"]) };
          }),
        { inputs },
      );
    }
  });

  test("has a gradient that equals finite differences", async () => {
    await expectGradients((g) => crossEntropyRows(g.input("x", [3, 6]), g.input("labels", [3], "u32")), {
      inputs: { labels: Uint32Array.of(0, 5, 2) },
    });
  });
});

test("softmax and cross-entropy by the kernels for GPUs agree with the reference", async () => {
  const backend = await gpuKernelBackend();
  for (const classes of [10, 200]) {
    const inputs = { labels: labelsFor(5, classes), z: normalValues("z", 5 * classes, 200) };
    await expectAgreement(
      backend,
      () =>
        trace((g) => {
          const y = softmax(g.input("x", [5, classes]));
          const loss = crossEntropyRows(g.input("z", [5, classes]), g.input("labels", [5], "u32"));
          return { y, loss, ...gradientOutputs(g, y, ["x"]), ...gradientOutputs(g, loss, ["z"]) };
        }),
      { inputs },
    );
  }
});

describe("top1", () => {
  test("counts the first of the largest logits and no other", async () => {
    const backend = await nodeBackend();
    const graph = trace((g) => ({ y: top1(g.input("x", [5, 3]), g.input("labels", [5], "u32")) }));
    const program = await backend.compile(graph, backend.variables());
    const x = Float32Array.of(1, 2, 3, 1, 2, 3, 4, 4, 1, 4, 4, 1, -1, -2, -3);
    await program.run({ x, labels: Uint32Array.of(2, 1, 0, 1, 0) });
    expect([...(await program.read("y"))]).toEqual([1, 0, 1, 0, 1]);
    program.dispose();
  });

  test("counts no row that holds a NaN, on the device and on the reference", async () => {
    const x = Float32Array.of(NaN, 1, 2, 1, NaN, 2, 1, 2, NaN, NaN, NaN, NaN, 1, 2, Infinity, -Infinity, -3, -2);
    for (const backend of [await nodeBackend(), new ReferenceBackend()]) {
      const graph = trace((g) => ({ y: top1(g.input("x", [6, 3]), g.input("labels", [6], "u32")) }));
      const program = await backend.compile(graph, backend.variables());
      for (const label of [0, 1, 2]) {
        await program.run({ x, labels: new Uint32Array(6).fill(label) });
        const last = label === 2 ? 1 : 0;
        expect([...(await program.read("y"))], `label ${String(label)}`).toEqual([0, 0, 0, 0, last, last]);
      }
      program.dispose();
    }
  });

  test("agrees with the reference", async () => {
    await expectAgreement(
      await nodeBackend(),
      () => trace((g) => ({ y: top1(g.input("x", [130, 4]), g.input("labels", [130], "u32")) })),
      { inputs: { labels: labelsFor(130, 4) }, tolerance: 0 },
    );
  });
});
