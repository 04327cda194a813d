/** Labelled pictures in the layouts that datasets come in. */
import { FormatError } from "../../errors.ts";
import { imageAt } from "../image.ts";
import type { Split } from "../splits.ts";
import { readCifar } from "./cifar.ts";
import { endingOf, nameListFile, noneText, stemOf, type Gathered, type ImageCodec, type LeftOut } from "./gather.ts";
import { parseStrictJson } from "../../weights/strict-json.ts";
import { failField, fieldOf, fieldsText, linesOf, metadataRows } from "./metadata.ts";
import { folderOf, SourceFolders, splitNamed } from "./source-folders.ts";

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
  /** Pictures that could be read and have no label in this layout. */
  readonly leftOut: readonly LeftOut[];
}

/** Columns of `metadata.jsonl` that may hold the class, in the order of preference. */
const labelColumns = ["label", "class", "category"];

/**
 * Finds the labels of a source's pictures: CIFAR's binary files, `metadata.jsonl` (Hugging Face), WebDataset's `.cls`
 * members, else the folder that a picture lies in.
 *
 * @param column of `metadata.jsonl` that holds the class; `label`, `class` or `category` without it
 * @throws ConfigError when no line of `metadata.jsonl` has the column that was asked for
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
    fromMetadata(source, column, names, where) ??
    fromWebDataset(source, names, where) ??
    fromFolders(source, where);
  if (found.layout === "image folder" || found.pictures.length === 0) checkLabels(source, found, where);
  return found;
}

/** @throws FormatError when nothing is labelled; where descriptions lie beside the pictures, saying what these have instead */
function checkLabels(source: Gathered, { pictures }: LabelledSource, where: string): void {
  const labels = new Set(pictures.map(({ label }) => label));
  const rows = labels.size < 2 ? metadataRows(source, where).map(({ values }) => values) : [];
  if (rows.length > 0) {
    const columns = `${labelColumns.slice(0, -1).join(", ")} or ${labelColumns.at(-1)!}, or --labels with another one`;
    throw new FormatError(`${where}: metadata.jsonl`, `a column ${columns}`, fieldsText(rows) || "file_name only");
  }
  if (labels.size > 0) return;
  const layouts = "pictures in folders of their classes, metadata.jsonl, .cls files or CIFAR";
  throw new FormatError(where, layouts, noneText(source));
}

/** Names of classes that the source numbers: `classes.txt`, CIFAR's own lists, or a list in `classes.json`. */
function labelNames({ texts }: Gathered): readonly string[] {
  for (const [path, text] of texts) {
    if (nameListFile.test(path)) return linesOf(text);
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
  { binaries, pictures: others }: Gathered,
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
  if (pictures.length === 0) return undefined;
  const leftOut = [...others.keys()].map((path) => ({ path, reason: "CIFAR's binary files hold the pictures" }));
  return { layout: "CIFAR binary", pictures, emptyLabels: [], leftOut };
}

function fromMetadata(
  source: Gathered,
  column: string | undefined,
  names: readonly string[],
  where: string,
): LabelledSource | undefined {
  const columns = column === undefined ? labelColumns : [column];
  const rows = metadataRows(source, where);
  const labels = rows.map((row) => fieldOf(row.values, columns));
  if (labels.every((label) => label === undefined)) {
    if (column === undefined || source.pictures.size === 0) return undefined;
    const described = rows.map(({ values }) => values);
    failField(column, described, `${where}: --labels`);
  }
  const folders = new SourceFolders(source);
  const pictures = rows.map((row, i): LabelledPicture => {
    const label = labels[i];
    if (label === undefined) throw new FormatError(row.where, columns.join(" or "), "a line without");
    const said = row.values.get("split");
    const split = (typeof said === "string" ? splitNamed(said) : undefined) ?? folders.splitOfDescribed(row.path);
    return { id: row.path, pixels: row.pixels, label: named(label, names), split };
  });
  const described = new Set(rows.map(({ path }) => path));
  const leftOut = [...source.pictures.keys()].flatMap((path) =>
    described.has(path) ? [] : [{ path, reason: "no line of metadata.jsonl names it" }],
  );
  return { layout: "metadata.jsonl", pictures, emptyLabels: [], leftOut };
}

function fromWebDataset(source: Gathered, names: readonly string[], where: string): LabelledSource | undefined {
  const { pictures, texts } = source;
  const classes = new Map([...texts].filter(([path]) => endingOf(path) === "cls"));
  if (classes.size === 0) return undefined;
  const folders = new SourceFolders(source);
  const found = [...pictures].map(([path, pixels]): LabelledPicture => {
    const label = classes.get(`${stemOf(path)}cls`)?.trim();
    if (label === undefined || label === "")
      throw new FormatError(`${where}: ${path}`, "a .cls file beside it", "none");
    return { id: path, pixels, label: named(label, names), split: folders.splitOf(folderOf(path)) };
  });
  return { layout: "WebDataset", pictures: found, emptyLabels: [], leftOut: [] };
}

function fromFolders(source: Gathered, where: string): LabelledSource {
  const { pictures, texts, emptyFolders, leftOut } = source;
  const folders = new SourceFolders(source);
  const found: LabelledPicture[] = [];
  const stray: string[] = [];
  for (const [path, pixels] of pictures) {
    const folder = folderOf(path);
    const label = folders.labelOf(folder);
    if (label === undefined) stray.push(path);
    else found.push({ id: path, pixels, label, split: folders.splitOf(folderOf(folder)) });
  }
  if (found.length > 0 && stray[0] !== undefined) failStray(stray[0], where);
  const full = new Set(found.map(({ label }) => label));
  const others = [...texts.keys(), ...leftOut.map(({ path }) => path), ...emptyFolders].map(folderOf);
  // A file beside the folders of classes, such as a README, makes no class of the folder that it lies in.
  const labels = others.flatMap((folder) => (folders.isAbovePictures(folder) ? [] : (folders.labelOf(folder) ?? [])));
  return {
    layout: "image folder",
    pictures: found,
    emptyLabels: [...new Set(labels)].filter((name) => !full.has(name)),
    leftOut: [],
  };
}

function failStray(path: string, where: string): never {
  const folder = folderOf(path);
  const actual = folder === "" ? "one at the top" : `one in ${folder}, which names a split`;
  throw new FormatError(`${where}: ${path}`, "a picture in a folder of its class", actual);
}
