/** What depends on weights alone is made once, and anew when they were written. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Values } from "../../src/backends/backend.ts";
import type { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { plan } from "../../src/backends/webgpu/plan.ts";
import { gradients } from "../../src/graph/autodiff.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { conv2d } from "../../src/graph/ops/conv.ts";
import { affine, mul } from "../../src/graph/ops/elementwise.ts";
import { sum } from "../../src/graph/ops/mean.ts";
import { assign } from "../../src/graph/ops/optimizer.ts";
import { normalValues } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";

let backend: WebGpuBackend;
beforeAll(async () => {
  backend = await nodeBackend();
});

const shape = [3, 3, 32, 32] as const;
const [count, pixels] = [9 * 32 * 32, 8 * 16 * 16 * 32];
const weightOf = (name: string): Float32Array => normalValues(name, count, 0.1);

/** Convolutions large enough for transforms, forward and by the input. */
function convolutions(write?: (weight: ReturnType<Graph["parameter"]>) => void): Graph {
  return trace((g) => {
    const [x, weight] = [g.input("x", [8, 16, 16, 32]), g.parameter({ name: "w", shape })];
    const y = conv2d(x, weight, { padding: 1 });
    const [dx] = gradients(sum(mul(y, y)), [x]);
    write?.(weight);
    return { y, dx: dx! };
  });
}

/** A graph's results with these weights, by a program and variables of its own. */
async function fresh(weight: Float32Array): Promise<readonly Values[]> {
  const variables = backend.variables();
  variables.set("w", { shape, dtype: "f32" }, weight);
  const program = await backend.compile(convolutions(), variables);
  await program.run({ x: normalValues("x", pixels) });
  const results = [await program.read("y"), await program.read("dx")];
  program.dispose();
  variables.dispose();
  return results;
}

/** Counts the commands of all submits while `act` runs. */
async function commandsOf(act: () => Promise<unknown>): Promise<number> {
  const prototype = Object.getPrototypeOf(
    backend.device.createCommandEncoder().beginComputePass(),
  ) as GPUComputePassEncoder;
  const dispatch = Object.getOwnPropertyDescriptor(prototype, "dispatchWorkgroups")!;
  let commands = 0;
  Object.defineProperty(prototype, "dispatchWorkgroups", {
    ...dispatch,
    value(this: GPUComputePassEncoder, ...sizes: [number, number, number]) {
      commands++;
      (dispatch.value as GPUComputePassEncoder["dispatchWorkgroups"]).apply(this, sizes);
    },
  });
  try {
    await act();
  } finally {
    Object.defineProperty(prototype, "dispatchWorkgroups", dispatch);
  }
  return commands;
}

describe("the transforms of weights", () => {
  test("run before the first run and not before the next one", async () => {
    const variables = backend.variables();
    variables.set("w", { shape, dtype: "f32" }, weightOf("one"));
    const { preparations, dispatches } = plan(convolutions(), backend.profile);
    expect(preparations.map(({ shader, parameter }) => [shader, parameter])).toEqual([
      ["conv/winograd_weight.wgsl", "w"],
      ["conv/winograd_weight.wgsl", "w"],
    ]);
    const program = await backend.compile(convolutions(), variables);
    const inputs = { x: normalValues("x", pixels) };
    expect(await commandsOf(() => program.run(inputs))).toBe(dispatches.length + 2);
    expect(await commandsOf(() => program.run(inputs))).toBe(dispatches.length);
    const [y, dx] = await fresh(weightOf("one"));
    expect(await program.read("y")).toEqual(y);
    expect(await program.read("dx")).toEqual(dx);
  });

  test("are made anew when the host wrote the weights", async () => {
    const variables = backend.variables();
    variables.set("w", { shape, dtype: "f32" }, weightOf("one"));
    const program = await backend.compile(convolutions(), variables);
    await program.run({ x: normalValues("x", pixels) });
    variables.set("w", { shape, dtype: "f32" }, weightOf("two"));
    await program.run();
    const [y, dx] = await fresh(weightOf("two"));
    expect(await program.read("y")).toEqual(y);
    expect(await program.read("dx")).toEqual(dx);
  });

  test("are made anew when another program wrote the weights", async () => {
    const variables = backend.variables();
    variables.set("w", { shape, dtype: "f32" }, weightOf("one"));
    const program = await backend.compile(convolutions(), variables);
    const halving = trace((g) => {
      const w = g.parameter({ name: "w", shape });
      assign(w, affine(w, 0.5));
      return {};
    });
    const halves = await backend.compile(halving, variables);
    const inputs = { x: normalValues("x", pixels) };
    await program.run(inputs);
    await halves.run();
    await program.run();
    const [y] = await fresh(weightOf("one").map((value) => value / 2));
    expect(await program.read("y")).toEqual(y);
    // Both are asked for before either has run.
    await Promise.all([halves.run(), program.run(), halves.run()]);
    const [quarter] = await fresh(weightOf("one").map((value) => value / 4));
    expect(await program.read("y")).toEqual(quarter);
    await program.run();
    const [eighth] = await fresh(weightOf("one").map((value) => value / 8));
    expect(await program.read("y")).toEqual(eighth);
  });

  test("are part of every run where the run itself writes the weights", async () => {
    const write = (weight: ReturnType<Graph["parameter"]>): void => {
      assign(weight, affine(weight, 0.5));
    };
    const { preparations, written } = plan(convolutions(write), backend.profile);
    expect(preparations).toEqual([]);
    expect([...written]).toEqual(["w"]);
    const variables = backend.variables();
    variables.set("w", { shape, dtype: "f32" }, weightOf("one"));
    const program = await backend.compile(convolutions(write), variables);
    await program.run({ x: normalValues("x", pixels) });
    await program.run();
    const [y] = await fresh(weightOf("one").map((value) => value / 2));
    expect(await program.read("y")).toEqual(y);
  });

  test("a run that is cancelled before they were made leaves them to the next", async () => {
    const variables = backend.variables();
    variables.set("w", { shape, dtype: "f32" }, weightOf("one"));
    const program = await backend.compile(convolutions(), variables);
    const inputs = { x: normalValues("x", pixels) };
    expect(await program.run(inputs, { signal: AbortSignal.abort() })).toBe("cancelled");
    expect(await program.run(inputs)).toBe("done");
    const [y] = await fresh(weightOf("one"));
    expect(await program.read("y")).toEqual(y);
  });

  test("are not kept where the budget has no room for them", () => {
    const roomy = plan(convolutions(), backend.profile);
    const tight = plan(convolutions(), backend.profile, { budgetBytes: roomy.report.total - 1 });
    expect(tight.preparations).toEqual([]);
    expect(tight.dispatches.length).toBe(roomy.dispatches.length + 2);
    expect(tight.report.total).toBeLessThan(roomy.report.total);
    expect(tight.report.checkpoint).toBe("none");
  });
});
