/** Holds a model against the outputs and gradients that PyTorch wrote for it. Runs in Node and in a browser's worker. */
import type { Backend } from "../../src/backends/backend.ts";
import type { ConfigJson } from "../../src/models/config-fields.ts";
import type { ModelKind } from "../../src/models/boundary/kinds.ts";
import { runForward } from "../../src/models/boundary/run.ts";
import { bytesSource } from "../../src/weights/byte-source.ts";
import { toFloat32 } from "../../src/weights/dtypes.ts";
import type { Safetensors } from "../../src/weights/safetensors.ts";
import { openSafetensors } from "../../src/weights/safetensors.ts";

/** One tensor's largest difference, relative to its largest expected value, and what is allowed. */
export interface Deviation {
  readonly name: string;
  readonly error: number;
  readonly limit: number;
}

/** f32 sums in another order; gradients pass through more of them. */
const OUTPUT_LIMIT = 1e-4;
const GRADIENT_LIMIT = 1e-3;

/** The tensors of a file whose names begin with a prefix, without it. */
export const within = (file: Safetensors, prefix: string): Safetensors => ({
  name: `${file.name}:${prefix}`,
  metadata: file.metadata,
  entries: new Map(
    [...file.entries].flatMap(([name, entry]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), entry]] : [])),
  ),
  read: (name) => file.read(prefix + name),
  readFloat32: (name) => file.readFloat32(prefix + name),
});

/** Opens a fixture from its bytes. */
export const openFixture = (name: string, bytes: Uint8Array): Promise<Safetensors> =>
  openSafetensors(bytesSource(name, bytes));

/** The config that a fixture's model was made from. */
export const configOf = (file: Safetensors): ConfigJson =>
  JSON.parse(file.metadata.get("config") ?? "null") as ConfigJson;

/**
 * Runs a fixture's model with gradients.
 * @returns one deviation for each output and gradient of the fixture
 */
export async function checkModel(backend: Backend, name: string, bytes: Uint8Array): Promise<Deviation[]> {
  const file = await openFixture(name, bytes);
  const { tensors } = await runForward(backend, {
    kind: file.metadata.get("kind") as ModelKind,
    config: configOf(file),
    where: name,
    weights: within(file, "weight."),
    inputs: within(file, "input."),
    withGradients: true,
  });
  const expected = [...file.entries.keys()].filter((key) => /^(output|grad)\./.test(key));
  const floor = await gradientFloor(file);
  const deviations: Deviation[] = [];
  for (const key of expected) {
    const found = tensors.get(key.replace(/^output\./, ""));
    const actual = found ? toFloat32(found.bytes, "F32") : new Float32Array();
    const expectedValues = await file.readFloat32(key);
    const [limit, least] = key.startsWith("output.") ? [OUTPUT_LIMIT, 0] : [GRADIENT_LIMIT, floor];
    deviations.push({ name: key, error: relativeError(actual, expectedValues, least), limit });
  }
  return deviations;
}

/**
 * The largest difference, relative to the largest expected magnitude or to `floor` where that is larger.
 * @returns infinity where values are missing
 */
export function relativeError(actual: Float32Array, expected: Float32Array, floor = 1e-30): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  expected.forEach((value, index) => {
    const error = Math.abs(actual[index]! - value);
    if (!(error <= difference)) difference = error; // also catches NaN
  });
  return difference / Math.max(largestOf(expected), floor);
}

const largestOf = (values: Float32Array): number =>
  values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);

/**
 * What counts as a size in a fixture's gradients: a thousandth of the largest one. Some gradients are sums that cancel (a
 * bias of keys moves no softmax), and what PyTorch has left of them is rounding.
 */
export async function gradientFloor(file: Safetensors): Promise<number> {
  let largest = 0;
  for (const name of file.entries.keys()) {
    if (name.startsWith("grad.")) largest = Math.max(largest, largestOf(await file.readFloat32(name)));
  }
  return largest / 1000;
}
