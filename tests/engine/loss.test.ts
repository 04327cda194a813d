import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { trace } from "../../src/graph/graph.ts";
import { add, affine, exp, log, mul, relu, sub } from "../../src/graph/ops/elementwise.ts";
import { sigmoidLoss } from "../../src/graph/ops/loss.ts";
import { mean } from "../../src/graph/ops/mean.ts";
import { expectAgreement, normalValues } from "./agree.ts";
import { expectGradients, gradientOutputs } from "./gradient-check.ts";
import { nodeBackend } from "./node-backend.ts";

test("the sigmoid loss is the binary cross-entropy, summed over a row and averaged over rows", async () => {
  const backend = await nodeBackend();
  const graph = trace((g) => ({ loss: sigmoidLoss(g.input("z", [2, 3]), g.input("y", [2, 3])) }));
  const program = await backend.compile(graph, backend.variables(), { label: "sigmoid loss" });
  const z = [-2, 0.5, 3, 1, -0.25, 100];
  const y = [0, 1, 1, 0, 0.5, 1];
  const terms = z.map((logit, i) => {
    const p = 1 / (1 + Math.exp(-logit));
    const target = y[i] ?? 0;
    return -target * Math.log(p) - (target < 1 ? (1 - target) * Math.log(1 - p) : 0);
  });
  await program.run({ z: Float32Array.from(z), y: Float32Array.from(y) });
  expect((await program.read("loss"))[0]).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / 2, 5);
  program.dispose();
});

test.each([1, 200])("the sigmoid loss of logits times %s and its gradient agree with the reference", async (scale) => {
  await expectAgreement(
    await nodeBackend(),
    () =>
      trace((g) => {
        const loss = sigmoidLoss(g.input("z", [7, 30]), g.input("y", [7, 30]));
        return { loss, ...gradientOutputs(g, loss, ["z"]) };
      }),
    { inputs: { z: normalValues("z", 210, scale), y: new Float32Array(210).map((_, i) => Number(i % 3 === 0)) } },
  );
});

test("the sigmoid loss has the slope sigmoid(z) − y at logits of exactly 0 too, on the device and on the reference", async () => {
  const z = Float32Array.of(0, 0, -0, 2, -3, 0);
  const y = Float32Array.of(0, 1, 0.25, 1, 0, 0.5);
  const expected = [...z].map((logit, i) => (1 / (1 + Math.exp(-logit)) - y[i]!) / 2);
  for (const backend of [await nodeBackend(), new ReferenceBackend()]) {
    const graph = trace((g) => {
      const loss = sigmoidLoss(g.input("z", [2, 3]), g.input("y", [2, 3]));
      return gradientOutputs(g, loss, ["z"], Float32Array.of(1));
    });
    const program = await backend.compile(graph, backend.variables());
    await program.run({ z, y });
    const dz = await program.read("dz");
    expected.forEach((slope, i) => {
      expect(dz[i], `of logit ${String(z[i])}`).toBeCloseTo(slope, 6);
    });
    program.dispose();
  }
});

test("the sigmoid loss and its gradient away from 0 are those of plain relus, bit for bit", async () => {
  const backend = await nodeBackend();
  const graph = trace((g) => {
    const [z, y] = [g.input("z", [7, 30]), g.input("y", [7, 30])];
    const positive = relu(z);
    const softplus = add(positive, log(affine(exp(affine(add(positive, relu(affine(z, -1))), -1)), 1, 1)));
    const plain = affine(mean(sub(softplus, mul(y, z))), 30);
    const loss = sigmoidLoss(z, y);
    const [{ dz }, { dz: plainDz }] = [gradientOutputs(g, loss, ["z"]), gradientOutputs(g, plain, ["z"])];
    return { loss, plain, dz: dz!, plainDz: plainDz! };
  });
  const program = await backend.compile(graph, backend.variables());
  for (const scale of [1e-6, 1, 200]) {
    const y = normalValues("y", 210).map((value) => Math.abs(value) % 1);
    await program.run({ z: normalValues("z", 210, scale), y });
    expect(await program.read("loss")).toEqual(await program.read("plain"));
    expect(await program.read("dz")).toEqual(await program.read("plainDz"));
  }
  program.dispose();
});

test("the sigmoid loss has a gradient that equals finite differences", async () => {
  await expectGradients((g) => sigmoidLoss(g.input("z", [3, 4]), g.input("y", [3, 4])));
});
