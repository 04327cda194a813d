/** Labelled pictures in the layouts that datasets come in. */
import { FormatError } from "../../errors.ts";
import { imageAt } from "../image.ts";
import type { Split } from "../splits.ts";
import { readCifar } from "./cifar.ts";
import { endingOf, type Gathered, type ImageCodec } from "./gather.ts";
import { parseStrictJson } from "../../weights/strict-json.ts";
import { fieldOf, linesOf, metadataRows, type MetadataRow } from "./metadata.ts";

/** A picture with its class as the source names it. */
export interface LabelledPicture {
  /** Its path in the source; a number follows where a file holds many. */
  readonly id: string;
  /** [resolution, resolution, 3] */
  readonly pixels: Uint8Array;
  readonly label: string;
  /** The source's own; undefined where it has none. */
  readonly split: Split | undefined;
}

/** What was found, and how it was laid out. */
export interface LabelledSource {
  readonly layout: "CIFAR binary" | "metadata.jsonl" | "WebDataset" | "image folder";
  readonly pictures: readonly LabelledPicture[];
  /** Labels that have a place in the source and no picture. */
  readonly emptyLabels: readonly string[];
}

/** Columns of `metadata.jsonl` that may hold the class, in the order of preference. */
const labelColumns = ["label", "class", "category"];

/**
 * Finds the labels of a source's pictures: CIFAR's binary files, `metadata.jsonl` (Hugging Face), WebDataset's `.cls`
 * members, else the folder that a picture lies in.
 *
 * @param column of `metadata.jsonl` that holds the class; `label`, `class` or `category` without it
 * @throws FormatError naming the file when a description is broken, names a picture that is not there, or nothing is labelled
 */
export async function labelled(
  source: Gathered,
  codec: ImageCodec,
  { resolution, where, column }: { readonly resolution: number; readonly where: string; readonly column?: string },
): Promise<LabelledSource> {
  const names = labelNames(source);
  const found =
    (await fromCifar(source, names, codec, resolution, where)) ??
    fromMetadata(source, column === undefined ? labelColumns : [column], names, where) ??
    fromWebDataset(source, names, where) ??
    fromFolders(source, where);
  if (found.pictures.length > 0) return found;
  throw new FormatError(where, "pictures in folders of their classes, metadata.jsonl, .cls files or CIFAR", "none");
}

/** Names of classes that the source numbers: `classes.txt`, CIFAR's own lists, or a list in `classes.json`. */
function labelNames({ texts }: Gathered): readonly string[] {
  for (const [path, text] of texts) {
    if (/(?:^|\/)(?:classes|batches\.meta|fine_label_names)\.txt$/.test(path)) return linesOf(text);
    if (!/(?:^|\/)classes\.json$/.test(path)) continue;
    const listed = parseStrictJson(text, path);
    if (Array.isArray(listed)) return listed.map((name) => (typeof name === "string" ? name : JSON.stringify(name)));
  }
  return [];
}

const named = (label: string, names: readonly string[]): string =>
  /^\d+$/.test(label) ? (names[Number(label)] ?? label) : label;

const cifarFile = /(?:^|\/)(data_batch_\d|test_batch|train|test)\.bin$/;

async function fromCifar(
  { binaries }: Gathered,
  names: readonly string[],
  codec: ImageCodec,
  resolution: number,
  where: string,
): Promise<LabelledSource | undefined> {
  const pictures: LabelledPicture[] = [];
  for (const [path, bytes] of binaries) {
    const name = cifarFile.exec(path)?.[1];
    if (name === undefined) continue;
    const kind = name.endsWith("batch") || name.startsWith("data") ? "cifar-10" : "cifar-100";
    const { pixels, labels } = readCifar(bytes, `${where}: ${path}`, kind);
    for (let i = 0; i < labels.length; i++) {
      const sized = await codec.resize(imageAt(pixels, 32, i), resolution);
      const split = name.startsWith("test") ? ("test" as const) : ("train" as const);
      pictures.push({ id: `${path}#${String(i)}`, pixels: sized, label: named(String(labels[i]), names), split });
    }
  }
  return pictures.length === 0 ? undefined : { layout: "CIFAR binary", pictures, emptyLabels: [] };
}

function fromMetadata(
  source: Gathered,
  columns: readonly string[],
  names: readonly string[],
  where: string,
): LabelledSource | undefined {
  const rows = metadataRows(source, where);
  const labels = rows.map((row) => fieldOf(row.values, columns));
  if (labels.every((label) => label === undefined)) return undefined;
  const pictures = rows.map((row, i): LabelledPicture => {
    const label = labels[i];
    if (label === undefined) throw new FormatError(row.where, columns.join(" or "), "a line without");
    return { id: row.path, pixels: row.pixels, label: named(label, names), split: splitOf(row) };
  });
  return { layout: "metadata.jsonl", pictures, emptyLabels: [] };
}

function splitOf({ path, values }: MetadataRow): Split | undefined {
  const said = values.get("split");
  return (typeof said === "string" ? splitNames.get(said) : undefined) ?? splitFolder(path);
}

function fromWebDataset(
  { pictures, texts }: Gathered,
  names: readonly string[],
  where: string,
): LabelledSource | undefined {
  const classes = new Map([...texts].filter(([path]) => endingOf(path) === "cls"));
  if (classes.size === 0) return undefined;
  const found = [...pictures].map(([path, pixels]): LabelledPicture => {
    const label = classes.get(`${path.slice(0, -endingOf(path).length)}cls`)?.trim();
    if (label === undefined || label === "")
      throw new FormatError(`${where}: ${path}`, "a .cls file beside it", "none");
    return { id: path, pixels, label: named(label, names), split: splitFolder(path) };
  });
  return { layout: "WebDataset", pictures: found, emptyLabels: [] };
}

function fromFolders({ pictures, texts, emptyFolders, leftOut }: Gathered, where: string): LabelledSource {
  const found = [...pictures].flatMap(([path, pixels]): LabelledPicture[] => {
    const label = folderOf(path);
    return label === undefined ? [] : [{ id: path, pixels, label, split: splitFolder(path) }];
  });
  if (found.length < pictures.size && found.length > 0) {
    const stray = [...pictures.keys()].find((path) => folderOf(path) === undefined);
    throw new FormatError(`${where}: ${stray ?? ""}`, "a picture in a folder of its class", "one at the top");
  }
  const full = new Set(found.map(({ label }) => label));
  const paths = [...texts.keys(), ...leftOut.map(({ path }) => path), ...emptyFolders];
  const others = paths.flatMap((path) => folderOf(path) ?? []);
  return {
    layout: "image folder",
    pictures: found,
    emptyLabels: [...new Set(others)].filter((name) => !full.has(name)),
  };
}

/** The class folder of a path; undefined at the top. */
function folderOf(path: string): string | undefined {
  const label = path.split("/").at(-2);
  return label === undefined || splitNames.has(label) ? undefined : label;
}

const splitNames: ReadonlyMap<string, Split> = new Map([
  ...(["train", "training"] as const).map((name) => [name, "train"] as const),
  ...(["val", "valid", "validation", "dev"] as const).map((name) => [name, "validation"] as const),
  ...(["test", "testing"] as const).map((name) => [name, "test"] as const),
]);

/** The split that a folder of the path names. */
function splitFolder(path: string): Split | undefined {
  return path
    .split("/")
    .slice(0, -1)
    .map((part) => splitNames.get(part))
    .find(Boolean);
}
