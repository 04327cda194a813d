/** Holds where a device's results are NaN against the f64 reference. */
import { expect } from "vitest";
import type { Backend, Values } from "../../src/backends/backend.ts";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { elementCount } from "../../src/graph/tensor.ts";
import { normalValues, relativeError } from "./agree.ts";

/**
 * Runs a graph on a device and on the reference, with normal inputs where none are given, and expects NaN in the same places of
 * every output and the other numbers to agree.
 * @returns the reference's outputs
 */
export async function expectSameNaN(
  device: Backend,
  build: () => Graph,
  inputs: Readonly<Record<string, Values>>,
): Promise<Readonly<Record<string, Values>>> {
  const [expected, actual] = [
    await outputsOf(new ReferenceBackend(), build(), inputs),
    await outputsOf(device, build(), inputs),
  ];
  for (const [name, values] of Object.entries(expected)) {
    expect(nanPlaces(actual[name]!), `NaN of ${name}`).toEqual(nanPlaces(values));
    expect(relativeError(...numbersOf(actual[name]!, values)), `${name} against f64`).toBeLessThanOrEqual(2e-5);
  }
  return expected;
}

/** Where values are NaN. */
export const nanPlaces = (values: Values): number[] =>
  [...values].flatMap((value, i) => (Number.isNaN(value) ? [i] : []));

/** A copy with NaN at some places. */
export function withNaN(values: Float32Array, ...places: readonly number[]): Float32Array {
  const copy = values.slice();
  for (const place of places) copy[place] = NaN;
  return copy;
}

/** All outputs of one run, with normal inputs where none are given. */
export async function outputsOf(
  backend: Backend,
  graph: Graph,
  inputs: Readonly<Record<string, Values>>,
): Promise<Record<string, Values>> {
  const program = await backend.compile(graph, backend.variables());
  const given: Record<string, Values> = {};
  for (const [name, { shape }] of graph.inputs) given[name] = inputs[name] ?? normalValues(name, elementCount(shape));
  await program.run(given);
  const outputs: Record<string, Values> = {};
  for (const name of graph.outputs.keys()) outputs[name] = await program.read(name);
  program.dispose();
  return outputs;
}

/** Both without the places where the expected values are NaN. */
function numbersOf(actual: Values, expected: Values): [number[], number[]] {
  const kept = [...expected.keys()].filter((i) => !Number.isNaN(expected[i]));
  return [kept.map((i) => actual[i]!), kept.map((i) => expected[i]!)];
}
