import { z } from "zod";
import { FormatError, MissingError } from "../errors.ts";
import type { GlossaryEntry } from "../prompts/glossary.ts";
import { imageBytes } from "./image.ts";
import type { LowDataSets, Split } from "./splits.ts";
import { parseLines, readWorldFile, type ReadWorldFile, type WorldManifest } from "./world.ts";

/** A class of a dataset: its key in tables, comma-joined lemmas for prompts, and what the word means where that is told. */
export interface DatasetClass {
  readonly key: string;
  readonly name: string;
  readonly meaning?: GlossaryEntry | undefined;
}

/** What is known of one labelled picture. */
export interface Sample {
  /** `<vendor>/<icon>#<n>` in the mini world; unique in the dataset. */
  readonly id: string;
  readonly classIndex: number;
  readonly split: Split;
  readonly icon: string;
  readonly vendor: string;
}

/** Labelled square pictures of one size. Row i of `pixels` is `samples[i]`. */
export interface Dataset {
  readonly name: string;
  readonly resolution: number;
  readonly classes: readonly DatasetClass[];
  readonly samples: readonly Sample[];
  /** [samples.length, resolution, resolution, 3] */
  readonly pixels: Uint8Array;
  /** Ids of the low-data training sets. */
  readonly lowData: LowDataSets;
}

const sampleSchema = z.strictObject({
  id: z.string(),
  classIndex: z.number(),
  split: z.enum(["train", "validation", "test"]),
  icon: z.string(),
  vendor: z.string(),
});

const lowDataSchema = z.strictObject({ "real-10": z.array(z.string()), "real-20": z.array(z.string()) });

/**
 * Reads the target dataset of a world, each file checked by its hash.
 *
 * @param where names the world in errors
 * @throws FormatError when rows and pixels do not belong together
 * @throws IntegrityError when a file is not what was built
 */
export const readDataset = async (
  manifest: WorldManifest,
  read: ReadWorldFile,
  where = `world ${manifest.name}`,
): Promise<Dataset> => {
  const [lines, pixels, lowDataBytes] = await Promise.all(
    ["target.jsonl", "target.rgb", "low-data.json"].map((path) => readWorldFile(manifest, path, read, where)),
  );
  if (!lines || !pixels || !lowDataBytes) throw new MissingError(where, "a target file");
  const samples = parseLines<Sample>(lines, sampleSchema, `${where}: target.jsonl`);
  const expected = samples.length * imageBytes(manifest.resolution, manifest.resolution);
  if (pixels.length !== expected) {
    throw new FormatError(`${where}: target.rgb`, `${String(expected)} bytes`, `${String(pixels.length)} bytes`);
  }
  const lowData = parseLines(lowDataBytes, lowDataSchema, `${where}: low-data.json`)[0];
  if (!lowData) throw new FormatError(`${where}: low-data.json`, "one line", "none");
  const { name, resolution } = manifest;
  return { name, resolution, classes: manifest.classes, samples, pixels, lowData };
};

/** Rows of one split, in the dataset's order. */
export const rowsOfSplit = (dataset: Dataset, split: Split): Uint32Array =>
  Uint32Array.from(dataset.samples.flatMap((sample, row) => (sample.split === split ? [row] : [])));

/**
 * Rows of the samples with these ids, in the order of the ids.
 *
 * @throws MissingError when the dataset has no such sample
 */
export const rowsOfIds = (dataset: Dataset, ids: readonly string[]): Uint32Array => {
  const rows = new Map(dataset.samples.map((sample, row) => [sample.id, row]));
  return Uint32Array.from(ids, (id) => {
    const row = rows.get(id);
    if (row === undefined) throw new MissingError(`dataset ${dataset.name}`, `sample ${id}`);
    return row;
  });
};

/**
 * Keeps some classes, renumbered from 0 in the given order; pixels of the other classes are left behind.
 *
 * @throws MissingError when a key is not a class of the dataset
 */
export const selectClasses = (dataset: Dataset, keys: readonly string[]): Dataset => {
  const newIndex = new Map<number, number>();
  const classes = keys.map((key, index) => {
    const old = dataset.classes.findIndex((candidate) => candidate.key === key);
    const found = dataset.classes[old];
    if (!found) throw new MissingError(`dataset ${dataset.name}`, `class ${key}`);
    newIndex.set(old, index);
    return found;
  });
  const rows = dataset.samples.flatMap((sample, row) => (newIndex.has(sample.classIndex) ? [row] : []));
  const size = imageBytes(dataset.resolution, dataset.resolution);
  const pixels = new Uint8Array(rows.length * size);
  rows.forEach((row, at) => pixels.set(dataset.pixels.subarray(row * size, (row + 1) * size), at * size));
  const samples = rows.map((row) => {
    const sample = dataset.samples[row]!;
    return { ...sample, classIndex: newIndex.get(sample.classIndex)! };
  });
  const kept = new Set(samples.map(({ id }) => id));
  const lowData = {
    "real-10": dataset.lowData["real-10"].filter((id) => kept.has(id)),
    "real-20": dataset.lowData["real-20"].filter((id) => kept.has(id)),
  };
  return { ...dataset, classes, samples, pixels, lowData };
};
