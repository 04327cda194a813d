import { expect, test } from "vitest";
import { trace } from "../../src/graph/graph.ts";
import { sigmoidLoss } from "../../src/graph/ops/loss.ts";
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

test("the sigmoid loss has a gradient that equals finite differences", async () => {
  await expectGradients((g) => sigmoidLoss(g.input("z", [3, 4]), g.input("y", [3, 4])));
});
