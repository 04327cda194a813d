/** A world from a user's own pictures: a target with splits and low-data sets, and a pool. */
import { ConfigError, FormatError } from "../../errors.ts";
import { sha256, sha256Text } from "../../storage/hash.ts";
import { joinBytes } from "../bytes.ts";
import { crc32 } from "../crc32.ts";
import type { DatasetClass, Sample } from "../dataset.ts";
import { poolEmbeddingsPath, type PoolEntry } from "../pool.ts";
import { joinRows } from "../rows.ts";
import { drawLowDataSets, splitIcons, type Split, type SplitShares } from "../splits.ts";
import { hashOfFiles, type OwnWorldManifest } from "../world.ts";
import type { CaptionedPicture } from "./captioned.ts";
import type { LeftOut } from "./gather.ts";
import type { LabelledPicture, LabelledSource } from "./labelled.ts";

/** One part of a world: its files, and what the manifest says of it. */
export interface WorldPart {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly counts: Readonly<Record<string, number>>;
  readonly leftOut: readonly LeftOut[];
  /** Of a target. */
  readonly classes?: readonly DatasetClass[];
}

/** A class's words. */
export type ClassWords = Partial<Pick<DatasetClass, "name" | "meaning">>;

/** What decides a target besides its pictures. */
export interface TargetOptions {
  readonly where: string;
  readonly resolution: number;
  readonly seed: number;
  /** Shares of a class for the splits that the source does not have. */
  readonly shares: SplitShares;
  /** Share of the training pictures in the low-data set; above 1/2 there is no second draw, see `drawLowDataSets`. */
  readonly lowData: number;
  /** What classes are called and mean, by label; a label's own words without one. */
  readonly names: ReadonlyMap<string, ClassWords>;
}

/**
 * The target of a world. Pictures that are the same as another one are left out, so that no test picture trains.
 *
 * @throws FormatError naming a class that is empty, or has too few pictures for its splits and low-data sets
 */
export async function targetPart(source: LabelledSource, options: TargetOptions): Promise<WorldPart> {
  const { where, seed, lowData } = options;
  const [empty] = source.emptyLabels;
  if (empty !== undefined) throw new FormatError(`${where}: class ${empty}`, "pictures", "none");
  const { used, clutter } = withoutClutter(source.pictures);
  const { kept, doubles } = await withoutDoubles(used);
  const leftOut = [...source.leftOut, ...clutter, ...doubles.map(leftOutOf)];
  const classes = classesOf(used, options);
  const samples = dealt(kept, classes, options);
  checkCounts(samples, classes, doubles, options);
  const train = samples.filter(({ split }) => split === "train");
  const sets = drawLowDataSets(train, seed, lowData);
  const files = new Map([
    ["target.jsonl", lines(samples)],
    ["target.rgb", joinBytes(kept.map(({ pixels }) => pixels))],
    ["low-data.json", lines([sets])],
  ]);
  const counts = { ...countSplits(samples), real10: sets["real-10"].length, real20: sets["real-20"].length };
  return { files, counts, leftOut, classes };
}

/** The pool of a world. Doubles stay: telling them apart is a part of retrieval. */
export function poolPart(pictures: readonly CaptionedPicture[], name: string): WorldPart {
  const entries = pictures.map(({ id, caption, captionKind, scores }): PoolEntry => {
    const known = { class: null, nearDuplicateGroup: null, heldOut: false };
    return { id, caption, captionKind, icon: id, vendor: name, ...known, ...scores };
  });
  const files = new Map([
    ["pool.jsonl", lines(entries)],
    ["pool.rgb", joinBytes(pictures.map(({ pixels }) => pixels))],
  ]);
  const embeddings = pictures.flatMap(({ embedding }) => embedding ?? []);
  if (embeddings.length > 0) files.set(poolEmbeddingsPath, new Uint8Array(joinRows(embeddings).buffer));
  return { files, counts: { pool: entries.length }, leftOut: [] };
}

/**
 * A manifest with one part replaced.
 *
 * @param before the folder's manifest so far
 * @throws ConfigError when the folder holds pictures of another size
 */
export async function withPart(
  before: OwnWorldManifest | undefined,
  role: "target" | "pool",
  part: WorldPart,
  of: { readonly name: string; readonly resolution: number; readonly source: string; readonly layout: string },
): Promise<OwnWorldManifest> {
  const { name, resolution, source, layout } = of;
  if (before && before.resolution !== resolution)
    throw new ConfigError("--resolution", `${String(before.resolution)}, as the world has`, String(resolution));
  // A pool without embeddings replaces one with them whole.
  const kept = Object.entries(before?.files ?? {}).filter(([path]) => role !== "pool" || path !== poolEmbeddingsPath);
  const files: OwnWorldManifest["files"] = Object.fromEntries(kept);
  for (const [path, bytes] of part.files) files[path] = { bytes: bytes.length, sha256: await sha256(bytes) };
  const pictures = Object.entries(part.counts).reduce((sum, [key, n]) => (key.startsWith("real") ? sum : sum + n), 0);
  const leftOut = part.leftOut.map(({ path, reason }) => ({ path, reason }));
  const classes = part.classes ? [...part.classes] : (before?.classes ?? []);
  return {
    format: "own-world/1",
    name,
    resolution,
    classes,
    counts: { ...before?.counts, ...part.counts },
    imports: { ...before?.imports, [role]: { name: source, layout, pictures, leftOut } },
    files,
    // The words of classes are in no other file, and decide what is made.
    hash: await sha256Text(JSON.stringify([await hashOfFiles(files), classes])),
  };
}

/** A label that begins with its number, as Caltech256's and CUB-200's do: `003.backpack`, `001.Black_footed_Albatross`. */
const classNumber = /^\d{3}\.(?=.)/;

const areNumbered = (labels: readonly string[]): boolean => labels.every((label) => classNumber.test(label));

/** Whether labels are Caltech256's: numbered, with hyphens between words, `232.t-shirt`, `251.airplanes-101`. */
const isCaltech256 = (labels: readonly string[]): boolean =>
  areNumbered(labels) && !labels.some((label) => label.includes("_"));

const plainName = (label: string): string => label.replaceAll("_", " ").trim();

/** Caltech256's own words: without the number, without the mark of what Caltech101 has too, hyphens as spaces. */
const caltech256Name = (label: string): string =>
  label.replace(classNumber, "").replace(/-101$/, "").replaceAll("-", " ");

/** What a label says of its class in words. @param labels all of them, by which a dataset is known */
function wordsOfLabels(labels: readonly string[]): (label: string) => string {
  if (isCaltech256(labels)) return caltech256Name;
  return areNumbered(labels) ? (label) => plainName(label.replace(classNumber, "")) : plainName;
}

/** Of Caltech256 the folder of pictures that belong to none of its 256 classes is left out. */
function withoutClutter(pictures: readonly LabelledPicture[]): {
  readonly used: readonly LabelledPicture[];
  readonly clutter: readonly LeftOut[];
} {
  const isClutter = ({ label }: LabelledPicture): boolean => label === "257.clutter";
  if (!isCaltech256(pictures.map(({ label }) => label))) return { used: pictures, clutter: [] };
  const reason = "Caltech256's clutter, which is no class";
  return {
    used: pictures.filter((picture) => !isClutter(picture)),
    clutter: pictures.filter(isClutter).map(({ id }) => ({ path: id, reason })),
  };
}

/** The order in which the first of equal pictures is kept: a test picture before one that would train. */
const rank: Readonly<Record<Split | "none", number>> = { test: 0, validation: 1, train: 2, none: 3 };

/** A picture, and an earlier one with the same pixels. */
interface Double {
  readonly picture: LabelledPicture;
  readonly same: LabelledPicture;
}

async function withoutDoubles(
  pictures: readonly LabelledPicture[],
): Promise<{ readonly kept: readonly LabelledPicture[]; readonly doubles: readonly Double[] }> {
  const order = [...pictures].sort(
    (a, b) => rank[a.split ?? "none"] - rank[b.split ?? "none"] || (a.id < b.id ? -1 : 1),
  );
  const first = new Map<string, LabelledPicture>();
  const doubles: Double[] = [];
  for (const picture of order) {
    const key = await sha256(picture.pixels);
    const same = first.get(key);
    if (same) doubles.push({ picture, same });
    else first.set(key, picture);
  }
  return { kept: [...first.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), doubles };
}

function leftOutOf({ picture, same }: Double): LeftOut {
  const other = same.label === picture.label ? "" : `, which is ${same.label}`;
  return { path: picture.id, reason: `the same pixels as ${same.id}${other}` };
}

/** The classes, sorted by label. @throws FormatError when two labels have one key, or there are fewer than two */
function classesOf(pictures: readonly LabelledPicture[], { where, names }: TargetOptions): DatasetClass[] {
  const labels = [...new Set(pictures.map(({ label }) => label))].sort();
  if (labels.length < 2) throw new FormatError(where, "pictures of at least two classes", labels.join(", ") || "none");
  const taken = new Map<string, string>();
  const wordsOf = wordsOfLabels(labels);
  return labels.map((label) => {
    const key = keyOf(label);
    const other = taken.get(key);
    if (key === "" || other !== undefined)
      throw new FormatError(`${where}: class ${label}`, "a name of its own in letters and digits", other ?? "none");
    taken.set(key, label);
    const { name = wordsOf(label), meaning } = names.get(label) ?? {};
    return { key, name, ...(meaning ? { meaning } : {}) };
  });
}

/** Bytes of a key at most: disks take names of 255, and what a run writes is first called `.KEY.safetensors.PROCESS-UUID.tmp`. */
const longestKeyBytes = 160;

/** A label as a part of files' names: of a long one its beginning and its checksum, so that long labels of one beginning stay apart. */
export function keyOf(label: string): string {
  const key = label
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Mark}\p{Number}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
  const bytes = new TextEncoder().encode(key);
  if (bytes.length <= longestKeyBytes) return key;
  const checksum = crc32(bytes).toString(16).padStart(8, "0");
  const beginning = new TextDecoder().decode(bytes.subarray(0, longestKeyBytes - 1 - checksum.length));
  // A character that the cut went through is decoded as U+FFFD.
  return `${beginning.replace(/[-\uFFFD]+$/u, "")}-${checksum}`;
}

/** Samples in the pictures' order, those without a split dealt by the seed, class by class. */
function dealt(
  pictures: readonly LabelledPicture[],
  classes: readonly DatasetClass[],
  { seed, shares }: TargetOptions,
): Sample[] {
  const has = (split: Split): boolean => pictures.some((picture) => picture.split === split);
  const open = { test: has("test") ? 0 : shares.test, validation: has("validation") ? 0 : shares.validation };
  const indices = new Map(classes.map(({ key }, index) => [key, index]));
  const splits = new Map<string, Split>();
  for (const { key } of classes) {
    const ids = pictures.flatMap(({ id, label, split }) =>
      keyOf(label) === key && (split === undefined || split === "train") ? [id] : [],
    );
    for (const [id, split] of splitIcons(ids, seed, open)) splits.set(id, split);
  }
  return pictures.map(({ id, label, split }) => ({
    id,
    classIndex: indices.get(keyOf(label))!,
    split: splits.get(id) ?? split!,
    icon: id,
    vendor: "own",
  }));
}

/** @throws FormatError naming the class that has too few pictures, and how many of it are left out as doubles */
function checkCounts(
  samples: readonly Sample[],
  classes: readonly DatasetClass[],
  doubles: readonly Double[],
  { where, lowData }: TargetOptions,
): void {
  classes.forEach(({ key, name }, index) => {
    const own = countSplits(samples.filter(({ classIndex }) => classIndex === index));
    const draws = lowData > 0.5 ? 1 : 2;
    const least = Math.max(2, draws * Math.ceil(lowData * own.train));
    const fail = (expected: string, count: number): never => {
      const left = doublesText(doubles.filter(({ picture }) => keyOf(picture.label) === key));
      throw new FormatError(`${where}: class ${name}`, expected, `${count === 0 ? "none" : String(count)}${left}`);
    };
    if (own.train < least) fail(`at least ${String(least)} training pictures`, own.train);
    for (const split of ["validation", "test"] as const) if (own[split] === 0) fail(`at least one ${split} picture`, 0);
  });
}

function doublesText(doubles: readonly Double[]): string {
  const [first] = doubles;
  if (first === undefined) return "";
  return (
    `; ${String(doubles.length)} of its pictures are left out, because they have the same pixels as others: ` +
    `${first.picture.id} as ${first.same.id}${doubles.length > 1 ? ", …" : ""}`
  );
}

function countSplits(samples: readonly Sample[]): Record<Split, number> {
  const counts = { train: 0, validation: 0, test: 0 };
  for (const { split } of samples) counts[split]++;
  return counts;
}

function lines(rows: readonly unknown[]): Uint8Array {
  return new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}
