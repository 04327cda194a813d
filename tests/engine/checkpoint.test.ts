import { beforeAll, describe, expect, test } from "vitest";
import type { MemoryReport, Values } from "../../src/backends/backend.ts";
import type { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { OutOfMemoryError } from "../../src/errors.ts";
import { gradients } from "../../src/graph/autodiff.ts";
import { trace } from "../../src/graph/graph.ts";
import { meanSquaredError } from "../../src/graph/ops/loss.ts";
import { miniUnet } from "../../src/models/mini.ts";
import { parseUnetConfig } from "../../src/models/unet/config.ts";
import { Unet } from "../../src/models/unet/unet.ts";
import { Parameters } from "../../src/nn/parameters.ts";
import { relativeError } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";
import { setParameters, tinyInputs, tinyTraining } from "./tiny-network.ts";

/** Budgets under which a plan recomputes nothing, the cheap, and whole blocks. */
function budgetsOf(report: (budgetBytes: number) => MemoryReport): { reports: MemoryReport[]; budgets: number[] } {
  const budgets = [Infinity];
  const reports = [report(Infinity)];
  for (let level = 1; level < 3; level++) {
    budgets.push(reports.at(-1)!.total - 1);
    reports.push(report(budgets.at(-1)!));
  }
  return { reports, budgets };
}

describe("checkpointing", () => {
  let backend: WebGpuBackend;
  beforeAll(async () => {
    backend = await nodeBackend();
  });

  test("levels give the same loss, gradients and weights, in less memory each", async () => {
    const { reports, budgets } = budgetsOf((budgetBytes) => backend.plan(tinyTraining(), { budgetBytes }).report);
    expect(reports.map(({ checkpoint }) => checkpoint)).toEqual(["none", "cheap", "block"]);
    const results: Record<string, Values>[] = [];
    for (const budgetBytes of budgets) {
      const graph = tinyTraining();
      const variables = backend.variables();
      setParameters(graph, variables);
      const program = await backend.compile(graph, variables, { budgetBytes });
      await program.run(tinyInputs());
      await program.run(); // the second step reads what the first one changed
      const result: Record<string, Values> = {};
      for (const name of graph.outputs.keys()) result[name] = await program.read(name);
      for (const name of variables.names()) result[`parameter ${name}`] = await variables.get(name);
      results.push(result);
      program.dispose();
      variables.dispose();
    }
    for (const result of results.slice(1))
      for (const [name, values] of Object.entries(results[0]!))
        expect(relativeError(result[name]!, values), name).toBeLessThan(1e-6);
  }, 600_000);

  test("a budget takes the lowest level that fits, to the byte", () => {
    const reportAt = (budgetBytes: number): MemoryReport => backend.plan(tinyTraining(), { budgetBytes }).report;
    const { reports } = budgetsOf(reportAt);
    for (const { total, checkpoint } of reports) expect(reportAt(total).checkpoint).toBe(checkpoint);
  });

  test("a budget that no level fits is refused with both numbers", () => {
    const smallest = budgetsOf((budgetBytes) => backend.plan(tinyTraining(), { budgetBytes }).report).reports[2]!.total;
    const refused = (): unknown => backend.plan(tinyTraining(), { budgetBytes: 1000, label: "tiny" });
    expect(refused).toThrow(new OutOfMemoryError("plan of tiny", smallest, 1000));
  });

  test("a U-Net's step fits in half the memory with blocks", () => {
    const graph = trace((g) => {
      const unet = new Unet(new Parameters(), parseUnetConfig(miniUnet));
      const sample = g.input("sample", [4, 8, 8, 4]);
      const timestep = g.input("timestep", [4], "u32");
      const context = g.input("context", [4, 8, unet.config.crossAttentionDim]);
      const y = unet.forward({ sample, timestep, encoderHiddenStates: context });
      const loss = meanSquaredError(y, g.input("noise", [4, 8, 8, 4]));
      gradients(loss, unet.parameters.tensors(g)).forEach((dweight, index) => {
        g.output(`d${String(index)}`, dweight);
      });
      return { loss };
    });
    const { reports } = budgetsOf((budgetBytes) => backend.plan(graph, { budgetBytes }).report);
    expect(reports[2]!.arena).toBeLessThan(reports[0]!.arena / 2);
  });
});
