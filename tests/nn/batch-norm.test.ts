import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { trace } from "../../src/graph/graph.ts";
import { BatchNorm } from "../../src/nn/batch-norm.ts";
import { Parameters, initialise } from "../../src/nn/parameters.ts";

test("training moves the running statistics by PyTorch's rule, and inference uses them", async () => {
  const parameters = new Parameters();
  const norm = new BatchNorm(parameters, 1);
  const backend = new ReferenceBackend();
  const variables = backend.variables();
  initialise(parameters, variables, 0);
  const runOnce = async (training: boolean) => {
    const graph = trace((g) => ({ y: norm.forward(g.input("x", [4, 1, 1, 1]), { training }) }));
    const program = await backend.compile(graph, variables);
    await program.run({ x: Float32Array.of(1, 2, 3, 6) });
    return program.read("y");
  };
  await runOnce(true);
  // The batch has mean 3 and, with ddof 1, variance 14/3; momentum 0.1 takes a tenth of each.
  expect((await variables.get("running_mean"))[0]).toBeCloseTo(0.3, 6);
  expect((await variables.get("running_var"))[0]).toBeCloseTo(0.9 + 1.4 / 3, 6);
  const [first] = await runOnce(false);
  expect(first).toBeCloseTo((1 - 0.3) / Math.sqrt(0.9 + 1.4 / 3 + 1e-5), 5);
});
