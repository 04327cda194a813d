/** Holds a device's results against the f64 reference on the same graph and values. */
import { expect } from "vitest";
import type { Backend, Program, Values } from "../../src/backends/backend.ts";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { elementCount } from "../../src/graph/tensor.ts";
import { fillNormal, streamKey } from "../../src/random.ts";

/** Normal numbers that depend only on the name. */
export function normalValues(name: string, count: number, scale = 1): Float32Array {
  const values = new Float32Array(count);
  fillNormal(values, streamKey(7, name), 0, 0);
  return values.map((value) => value * scale);
}

/** The largest difference, relative to the largest expected magnitude. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let magnitude = 1e-30;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    if (!(error <= difference)) difference = error; // also catches NaN
    magnitude = Math.max(magnitude, Math.abs(expected[i]!));
  }
  return difference / magnitude;
}

/**
 * Runs a graph on a device and on the reference, with normal inputs where none are given, and expects every output and every
 * changed parameter to agree.
 * @param tolerance largest difference relative to the largest value
 */
export async function expectAgreement(
  device: Backend,
  build: () => Graph,
  {
    inputs = {},
    parameters = {},
    tolerance = 2e-5,
  }: { inputs?: Record<string, Values>; parameters?: Record<string, Values>; tolerance?: number } = {},
): Promise<void> {
  const results = [];
  for (const backend of [new ReferenceBackend(), device]) {
    const graph = build();
    const variables = backend.variables();
    for (const [name, tensor] of graph.parameters) {
      const values = parameters[name] ?? normalValues(name, elementCount(tensor.shape));
      variables.set(name, { shape: tensor.shape, dtype: "f32" }, values);
    }
    const program = await backend.compile(graph, variables);
    const given: Record<string, Values> = {};
    for (const [name, tensor] of graph.inputs)
      given[name] = inputs[name] ?? normalValues(name, elementCount(tensor.shape));
    if (backend === device && graph.parameters.size === 0) await poison(program, given);
    await program.run(given);
    const outputs: Record<string, Values> = {};
    for (const name of graph.outputs.keys()) outputs[name] = await program.read(name);
    for (const name of graph.parameters.keys()) outputs[`parameter ${name}`] = await variables.get(name);
    program.dispose();
    variables.dispose();
    results.push(outputs);
  }
  const [expected, actual] = results as [Record<string, Values>, Record<string, Values>];
  for (const [name, values] of Object.entries(expected)) {
    expect(relativeError(actual[name]!, values), `${name} against f64`).toBeLessThanOrEqual(tolerance);
  }
}

/** Runs on NaN, which leaves it in all memory that the run writes: what the next run does not write shows. */
async function poison(program: Program, given: Record<string, Values>): Promise<void> {
  const poisoned = Object.entries(given).map(([name, values]): [string, Values] => [
    name,
    values instanceof Float32Array ? new Float32Array(values.length).fill(NaN) : values,
  ]);
  await program.run(Object.fromEntries(poisoned));
}
