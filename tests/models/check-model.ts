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
  const deviations: Deviation[] = [];
  for (const key of expected) {
    const found = tensors.get(key.replace(/^output\./, ""));
    const actual = found ? toFloat32(found.bytes, "F32") : new Float32Array();
    const limit = key.startsWith("output.") ? OUTPUT_LIMIT : GRADIENT_LIMIT;
    deviations.push({ name: key, error: relativeError(actual, await file.readFloat32(key)), limit });
  }
  return deviations;
}

/** Gradients below this are sums that cancel (a bias before a norm): what is left of them is rounding. */
const NEGLIGIBLE = 1e-4;

/** The largest difference, relative to the largest expected magnitude; infinite where a value is missing. */
export function relativeError(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let magnitude = NEGLIGIBLE;
  expected.forEach((value, index) => {
    const error = Math.abs(actual[index]! - value);
    if (!(error <= difference)) difference = error; // also catches NaN
    magnitude = Math.max(magnitude, Math.abs(value));
  });
  return difference / magnitude;
}
