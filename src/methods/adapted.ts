/** What the methods that learn have in common: groups from classes, and what was learned as a file. */
import type { Values } from "../backends/backend.ts";
import type { AdaptationRecipe } from "../training/adaptation-recipe.ts";
import type { Adaptation } from "../training/adaptation.ts";
import type { Checkpoint } from "../training/adaptation-unit.ts";
import { bytesSource } from "../weights/byte-source.ts";
import { fromFloat32 } from "../weights/dtypes.ts";
import type { TensorData } from "../weights/safetensors-writer.ts";
import { writeSafetensors } from "../weights/safetensors-writer.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import type { LearnGroup, LearningSettings, ProduceRequest, Sources } from "./method.ts";

/** A class as `adapt` is given it. */
export type AdaptedClass = Omit<ProduceRequest, "count" | "adapted">;

/** One group a class: its real pictures, and its validation pictures to stop by. */
export function classGroups(
  classes: readonly AdaptedClass[],
  sources: Sources,
  startOf: (request: AdaptedClass) => string,
): LearnGroup[] {
  return classes.map((request) => ({
    key: request.key,
    images: sources.realImages(request.classIndex).map(({ image }) => image),
    validation: sources.validationImages(request.classIndex),
    start: startOf(request),
  }));
}

/** A method's settings as a recipe; the denoiser is trained when they have a rate for it. */
export function recipeOf(
  settings: LearningSettings & Partial<Pick<AdaptationRecipe, "atOnce" | "denoiserRate">>,
  rest: Pick<AdaptationRecipe, "learns" | "templates" | "stream" | "seed">,
): AdaptationRecipe {
  return { trainsDenoiser: settings.denoiserRate !== undefined, denoiserRate: 0, atOnce: 1, ...settings, ...rest };
}

/** What an adaptation learned, ready to generate with. */
export interface Learned {
  /** Row by the key of its group. */
  readonly rows: ReadonlyMap<string, Float32Array>;
  readonly denoiser: { readonly id: string; readonly weights: ReadonlyMap<string, Values> } | undefined;
  /** What the method noted beside it. */
  readonly notes: ReadonlyMap<string, string>;
}

/**
 * What was learned as safetensors: `rows/<key>` a group, `denoiser/<variable>` in the engine's layout; the course of each group
 * and the method's own notes as metadata.
 */
export function packLearned(
  id: string,
  keys: readonly string[],
  { rows, denoiser, courses }: Adaptation,
  settings: LearningSettings & { readonly checkpoint: Checkpoint },
  notes: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const tensor = (values: Float32Array): TensorData => ({
    dtype: "F32",
    shape: [values.length],
    bytes: fromFloat32(values, "F32"),
  });
  const tensors = new Map<string, TensorData>();
  rows.forEach((row, i) => tensors.set(`rows/${keys[i]!}`, tensor(row)));
  for (const [name, values] of denoiser ?? []) tensors.set(`denoiser/${name}`, tensor(values as Float32Array));
  const metadata = new Map([
    ["method", id],
    ["settings", JSON.stringify(settings)],
    ["courses", JSON.stringify(courses)],
    ...notes,
  ]);
  return writeSafetensors(tensors, metadata);
}

/** Reads what `packLearned` wrote. @throws FormatError, MissingError */
export async function unpackLearned(bytes: Uint8Array): Promise<Learned> {
  const file = await openSafetensors(bytesSource("what was learned", bytes));
  const [rows, weights] = [new Map<string, Float32Array>(), new Map<string, Values>()];
  for (const name of file.entries.keys()) {
    const [kind, ...rest] = name.split("/");
    (kind === "rows" ? rows : weights).set(rest.join("/"), await file.readFloat32(name));
  }
  const id = file.metadata.get("method") ?? "";
  return { rows, denoiser: weights.size > 0 ? { id, weights } : undefined, notes: file.metadata };
}
