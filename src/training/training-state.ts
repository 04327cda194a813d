/** A training's whole state as one safetensors file: weights, moments, averages, and how far it is. */
import type { Variables } from "../backends/backend.ts";
import { ConfigError, MissingError, ShapeError } from "../errors.ts";
import { sameShape } from "../graph/tensor.ts";
import { fromFloat32 } from "../weights/dtypes.ts";
import type { TensorData } from "../weights/safetensors-writer.ts";
import { writeSafetensors } from "../weights/safetensors-writer.ts";
import type { Safetensors } from "../weights/safetensors.ts";

/** How far a training is, and what it trains. */
export interface TrainingProgress {
  /** Finished steps. */
  readonly step: number;
  /** All of its steps. */
  readonly steps: number;
  /** A hash of everything that decides the training; a state of another is refused. */
  readonly key: string;
}

/** The state's bytes. @param names variables to keep, in the engine's layout @throws MissingError */
export async function saveTrainingState(
  variables: Variables,
  names: readonly string[],
  { step, steps, key }: TrainingProgress,
): Promise<Uint8Array> {
  const tensors = new Map<string, TensorData>();
  for (const name of names) {
    const spec = variables.spec(name);
    if (!spec) throw new MissingError("training state", name);
    const values = (await variables.get(name)) as Float32Array;
    tensors.set(name, { dtype: "F32", shape: spec.shape, bytes: fromFloat32(values, "F32") });
  }
  return writeSafetensors(
    tensors,
    new Map([
      ["step", String(step)],
      ["steps", String(steps)],
      ["key", key],
    ]),
  );
}

/**
 * Whether a training goes on from a state, or begins: another training's state makes room where that one is finished.
 *
 * @param key of the training that is asked for
 * @throws ConfigError when it is the state of another training that is not finished
 */
export function goesOnFrom({ name, metadata }: Safetensors, key: string): boolean {
  if (metadata.get("key") === key) return true;
  const [step = "0", steps = "?"] = ["step", "steps"].map((field) => metadata.get(field));
  if (step === steps) return false;
  const other = `another one's after ${step} of ${steps} steps: its command goes on with it, without the file another one begins`;
  throw new ConfigError(name, "the state of this training, or of a finished one", other);
}

/**
 * Puts a state back.
 *
 * @returns the number of finished steps
 * @throws ConfigError when it is the state of another training
 * @throws MissingError, ShapeError when a variable is absent or has another shape
 */
export async function loadTrainingState(
  variables: Variables,
  names: readonly string[],
  file: Safetensors,
  key: string,
): Promise<number> {
  const found = file.metadata.get("key") ?? "none";
  if (found !== key) throw new ConfigError(`${file.name}: key of the training`, key, found);
  for (const name of names) {
    const entry = file.entries.get(name);
    const spec = variables.spec(name);
    if (!entry || !spec) throw new MissingError(file.name, name);
    if (!sameShape(entry.shape, spec.shape)) throw new ShapeError(`${file.name}: ${name}`, spec.shape, entry.shape);
    variables.set(name, spec, await file.readFloat32(name));
  }
  return Number(file.metadata.get("step"));
}
