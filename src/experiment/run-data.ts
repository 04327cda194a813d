/** A run's share of a world: its classes, their real pictures, and lists of pictures for networks. */
import { rowsOfIds, rowsOfSplit, selectClasses, type Dataset } from "../data/dataset.ts";
import { imageAt, imageBytes, type Image } from "../data/image.ts";
import type { Pool } from "../data/pool.ts";
import { joinRows, splitRows } from "../data/rows.ts";
import { ConfigError, MissingError } from "../errors.ts";
import type { ProducedImage } from "../methods/method.ts";
import { nearestName } from "../nearest-name.ts";
import type { LabelledImages } from "../training/classifier.ts";
import type { Spec } from "./spec.ts";
import type { TrainingSet } from "./sets.ts";

/** A world as a run takes it. */
export interface RunWorld {
  readonly dataset: Dataset;
  readonly pool: Pool;
  /** The manifest's hash. */
  readonly hash: string;
}

/** The part of a world that is searched. */
export type RunPool = Pick<RunWorld, "pool" | "hash">;

/** Why a class is left out everywhere, by its key. */
export type Excluded = Readonly<Record<string, string>>;

/**
 * The classes that a spec names, by their keys or names, in its order.
 *
 * @throws ConfigError when it asks for more classes than there are, or for pictures of another size
 * @throws MissingError when it names a class that is not there
 */
export function chooseClasses(dataset: Dataset, spec: Pick<Spec, "classes" | "world">): Dataset {
  if (dataset.resolution !== spec.world.resolution)
    throw new ConfigError(
      "world.resolution",
      `${String(dataset.resolution)}, as the world has`,
      String(spec.world.resolution),
    );
  const keys = dataset.classes.map(({ key }) => key);
  if (spec.classes === "all") return dataset;
  if (typeof spec.classes !== "number") return selectClasses(dataset, keysOf(dataset, spec.classes));
  if (spec.classes > keys.length)
    throw new ConfigError("classes", `at most ${String(keys.length)}`, String(spec.classes));
  return selectClasses(dataset, keys.slice(0, spec.classes));
}

/** @throws MissingError for what is neither key nor name, with what is meant; ConfigError for one class twice */
function keysOf({ name: world, classes }: Dataset, asked: readonly string[]): string[] {
  const keys = asked.map((text) => {
    const found = classes.find(({ key }) => key === text) ?? classes.find(({ name }) => name === text);
    if (found) return found.key;
    const known = classes.flatMap(({ key, name }) => (key === name ? [key] : [key, name]));
    const nearest = nearestName(text, known);
    const listed = classes.slice(0, mostListed).map(({ key }) => key);
    const all = `${listed.join(", ")}${classes.length > mostListed ? ", …" : ""}`;
    const hint = nearest === null ? `it has ${all}` : `did you mean ${nearest}? It has ${all}`;
    throw new MissingError(`classes: dataset ${world}`, `class ${text}`, hint);
  });
  const twice = keys.find((key, i) => keys.indexOf(key) < i);
  if (twice !== undefined) throw new ConfigError("classes", "each class once", `${twice} twice`);
  return keys;
}

/** Classes that an error lists. */
const mostListed = 30;

/** The world with as much of its pool as a spec takes; its hash says so. */
export function chooseWorld(world: RunWorld, { world: { pool: asked } }: Pick<Spec, "world">): RunWorld {
  return { ...world, ...choosePool(world, asked) };
}

/** As much of a world's pool as a spec's `world.pool` takes; the hash says so. */
export function choosePool({ pool, hash }: RunPool, asked: Spec["world"]["pool"]): RunPool {
  const all = pool.entries.length;
  if (asked === "all" || asked >= all) return { pool, hash };
  const rows = Array.from({ length: asked }, (_, i) => Math.floor((i * all) / asked));
  const size = imageBytes(pool.resolution, pool.resolution);
  const pixels = new Uint8Array(asked * size);
  rows.forEach((row, i) => pixels.set(pool.pixels.subarray(row * size, (row + 1) * size), i * size));
  const entries = rows.map((row) => pool.entries[row]!);
  const embedded = pool.embeddings && splitRows(pool.embeddings, pool.embeddings.length / all);
  const picked = {
    ...pool,
    entries,
    pixels,
    ...(embedded ? { embeddings: joinRows(rows.map((row) => embedded[row]!)) } : {}),
  };
  return { pool: picked, hash: `${hash} ${String(asked)} of the pool` };
}

/**
 * The dataset without the classes that are left out.
 *
 * @throws ConfigError when fewer than two classes remain
 */
export function withoutClasses(dataset: Dataset, excluded: Excluded): Dataset {
  const kept = dataset.classes.map(({ key }) => key).filter((key) => !Object.hasOwn(excluded, key));
  if (kept.length < 2)
    throw new ConfigError("classes", "at least two that every method has enough images of", kept.join(", ") || "none");
  return kept.length === dataset.classes.length ? dataset : selectClasses(dataset, kept);
}

/** Ids of the real training pictures by class, in the order of the classes. */
export function realIds(dataset: Dataset, set: "real-10" | "real-20"): string[][] {
  const ids = dataset.classes.map((): string[] => []);
  const rows = rowsOfIds(dataset, dataset.lowData[set]);
  rows.forEach((row) => {
    const { id, classIndex } = dataset.samples[row]!;
    ids[classIndex]!.push(id);
  });
  return ids;
}

/** The real training pictures of one class, in the order of the dataset's list. */
export function realPictures(dataset: Dataset, classIndex: number): { id: string; image: Image }[] {
  return Array.from(rowsOfIds(dataset, realIds(dataset, "real-10")[classIndex]!), (row) => {
    return { id: dataset.samples[row]!.id, image: imageAt(dataset.pixels, dataset.resolution, row) };
  });
}

/** The validation pictures of a class. */
export function validationPictures(dataset: Dataset, classIndex: number): Image[] {
  return Array.from(rowsOfSplit(dataset, "validation"))
    .filter((row) => dataset.samples[row]!.classIndex === classIndex)
    .map((row) => imageAt(dataset.pixels, dataset.resolution, row));
}

/** Labelled pictures of one split. */
export function splitImages(dataset: Dataset, split: HeldOutSplit): LabelledImages {
  return rowsAsImages(dataset, rowsOfSplit(dataset, split));
}

/** A split that trains nothing. */
export type HeldOutSplit = "validation" | "test";

/** All of them, in the order of `heldOutRows`. */
export const heldOutSplits: readonly HeldOutSplit[] = ["validation", "test"];

/** The held-out pictures: validation, then test, or those of some splits. */
export function heldOutRows(dataset: Dataset, splits = heldOutSplits): Uint32Array {
  return Uint32Array.from(splits.flatMap((split) => [...rowsOfSplit(dataset, split)]));
}

/** Labelled pictures of chosen rows. */
export function rowsAsImages(dataset: Dataset, rows: Uint32Array): LabelledImages {
  return {
    count: rows.length,
    image: (index) => imageAt(dataset.pixels, dataset.resolution, rows[index]!),
    label: (index) => dataset.samples[rows[index]!]!.classIndex,
  };
}

/** The pictures of a training set: real ones by id from the dataset, added ones by id from what was produced. */
export function setImages(
  dataset: Dataset,
  set: TrainingSet,
  produced: ReadonlyMap<string, ReadonlyMap<string, ProducedImage>>,
): LabelledImages {
  const items: { image: Image; label: number }[] = [];
  set.classes.forEach(({ key, real, added }, label) => {
    for (const row of rowsOfIds(dataset, real))
      items.push({ image: imageAt(dataset.pixels, dataset.resolution, row), label });
    for (const id of added) items.push({ image: produced.get(key)!.get(id)!.image, label });
  });
  return { count: items.length, image: (index) => items[index]!.image, label: (index) => items[index]!.label };
}

/**
 * Square pictures of one size, one after another.
 *
 * @throws ConfigError when one has another size
 */
export function packImages(images: readonly Image[], resolution: number): Uint8Array {
  const size = imageBytes(resolution, resolution);
  const pixels = new Uint8Array(images.length * size);
  images.forEach(({ width, height, data }, i) => {
    if (width !== resolution || height !== resolution)
      throw new ConfigError("world.resolution", String(resolution), `images of ${String(width)}×${String(height)}`);
    pixels.set(data, i * size);
  });
  return pixels;
}
