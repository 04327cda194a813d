/** What the methods that learn have in common: groups from classes, and what was learned as a file. */
import type { Values } from "../backends/backend.ts";
import type { AdaptationRecipe } from "../training/adaptation-recipe.ts";
import type { Adaptation } from "../training/adaptation.ts";
import { bytesSource } from "../weights/byte-source.ts";
import { fromFloat32 } from "../weights/dtypes.ts";
import type { TensorData } from "../weights/safetensors-writer.ts";
import { writeSafetensors } from "../weights/safetensors-writer.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import type { LearnGroup, LearningSettings, ProduceOptions, ProduceRequest, Sources } from "./method.ts";

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

/** What a method learns, and with which texts. */
export type Lesson = Pick<AdaptationRecipe, "learns" | "templates">;

/** All that cross-attention sees of a class. */
export const conditioningLesson: Lesson = { learns: "conditioning", templates: [] };

/**
 * Learns of groups and packs what came of it; the denoiser is trained too where the settings have a rate for it.
 *
 * @param id of the method, and the name of its random streams
 * @param notes of the method's own, kept beside
 * @returns undefined when the signal stopped it
 */
export async function learnAndPack(
  id: string,
  groups: readonly LearnGroup[],
  settings: LearningSettings & Partial<Pick<AdaptationRecipe, "atOnce" | "denoiserRate">>,
  lesson: Lesson,
  sources: Sources,
  { seed, signal, onProgress, resumption }: ProduceOptions,
  notes: ReadonlyMap<string, string> = new Map(),
): Promise<Uint8Array | undefined> {
  const trainsDenoiser = settings.denoiserRate !== undefined;
  const recipe = { trainsDenoiser, denoiserRate: 0, atOnce: 1, ...settings, ...lesson, stream: id, seed };
  const onShare = (share: number): void => onProgress?.(share, 1);
  const adapted = await sources.learn(groups, recipe, { signal, onProgress: onShare, resumption });
  return adapted && packLearned(id, groups, adapted, settings, notes);
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
function packLearned(
  id: string,
  groups: readonly LearnGroup[],
  { rows, denoiser, courses }: Adaptation,
  settings: LearningSettings,
  notes: ReadonlyMap<string, string>,
): Uint8Array {
  const tensor = (values: Float32Array): TensorData => ({
    dtype: "F32",
    shape: [values.length],
    bytes: fromFloat32(values, "F32"),
  });
  const tensors = new Map<string, TensorData>();
  rows.forEach((row, i) => tensors.set(`rows/${groups[i]!.key}`, tensor(row)));
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
