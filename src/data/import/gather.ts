/** A user's files, read once: pictures decoded and resized as they come, everything that may describe them kept as it is. */
import { FormatError } from "../../errors.ts";
import type { Image } from "../image.ts";
import type { ArchiveFile } from "./archive.ts";
import { imageHeader } from "./image-header.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { utf8Text } from "./utf8-text.ts";

/** Makes square pictures of one size: [resolution, resolution, 3], sRGB, 8 bits; what is not square loses its ends. */
export interface ImageCodec {
  /** Decodes PNG, JPEG or WebP. @throws when the bytes are not a whole picture */
  decode(bytes: Uint8Array, resolution: number): Promise<Uint8Array>;
  resize(image: Image, resolution: number): Promise<Uint8Array>;
}

/** A file that is not used, and why. */
export interface LeftOut {
  readonly path: string;
  readonly reason: string;
}

/** What a source gives: a file, or one that cannot be read. */
export type SourceFile = ArchiveFile | LeftOut;

/** What a source holds, by path and sorted by path, so that the order of an archive's members changes nothing. */
export interface Gathered {
  /** [resolution, resolution, 3] each */
  readonly pictures: ReadonlyMap<string, Uint8Array>;
  readonly texts: ReadonlyMap<string, string>;
  /** Files in formats of rows: `.bin`, `.npy`, `.parquet`. */
  readonly binaries: ReadonlyMap<string, Uint8Array>;
  /** Folders, ending with `/`, that the source lists and has no file in. */
  readonly emptyFolders: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** What a file may be good for: a picture, a text that may describe some, or rows of a known format. */
export type FileKind = "picture" | "text" | "binary";

const kinds: ReadonlyMap<string, FileKind> = new Map([
  ...["png", "jpg", "jpeg", "webp"].map((ending) => [ending, "picture"] as const),
  ...["txt", "json", "jsonl", "cls"].map((ending) => [ending, "text"] as const),
  ...["bin", "npy", "parquet"].map((ending) => [ending, "binary"] as const),
]);

/** What a file is by its name, or why it is not used. */
export function kindOf(path: string): FileKind | { readonly reason: string } {
  const ending = endingOf(path);
  return kinds.get(ending) ?? { reason: `neither a picture nor a description (.${ending})` };
}

/** A list of classes' names, one a line. */
export const nameListFile = /(?:^|\/)(?:classes|batches\.meta|fine_label_names)\.txt$/;

/** A text that describes pictures wherever it lies; another `.txt` or `.json` describes the picture of its name beside it. */
const descriptionFile = /(?:^|\/)(?:metadata\.jsonl|classes\.json)$|\.cls$/i;

/** Bytes that texts, and files of rows, may have together. */
const mostTextBytes = 256 * 2 ** 20;
const mostBinaryBytes = 2 ** 31;

/**
 * Reads a source to its end.
 *
 * A picture that cannot be read is left out and listed; the import goes on without it. So is a text that is not UTF-8, unless it
 * describes pictures.
 *
 * @param files with folders where the source lists them
 * @param where names the source in errors
 * @param onFile is told how many files were read
 * @throws FormatError when the source itself is refused or has a path twice, a description is not UTF-8, or texts are larger than
 * 256 MiB or rows than 2 GiB together
 */
export async function gather(
  files: AsyncIterable<SourceFile>,
  codec: ImageCodec,
  { resolution, where, limits = defaultLimits, onFile }: GatherOptions,
): Promise<Gathered> {
  const pictures = new Map<string, Uint8Array>();
  const texts = new Map<string, string>();
  const binaries = new Map<string, Uint8Array>();
  const leftOut: LeftOut[] = [];
  const garbled = new Map<string, FormatError>();
  const seen = new Set<string>();
  const room = { text: mostTextBytes, binary: mostBinaryBytes };
  let count = 0;
  for await (const file of files) {
    const { path } = file;
    if (seen.has(path) && !path.endsWith("/")) throw new FormatError(`${where}: ${path}`, "each path once", "it twice");
    seen.add(path);
    if (path.endsWith("/")) continue;
    onFile?.(++count);
    if ("reason" in file) {
      leftOut.push({ path, reason: file.reason });
      continue;
    }
    const { bytes } = file;
    const kind = kindOf(path);
    if (kind === "picture") {
      const picture = await readPicture(bytes, codec, resolution, `${where}: ${path}`, limits);
      if (typeof picture === "string") leftOut.push({ path, reason: picture });
      else pictures.set(path, picture);
    } else if (kind === "text") {
      room.text -= bytes.length;
      if (room.text < 0)
        throw new FormatError(`${where}: ${path}`, `texts of at most ${String(mostTextBytes)} bytes together`, "more");
      const text = textOf(bytes, `${where}: ${path}`);
      if (typeof text === "string") texts.set(path, text);
      else garbled.set(path, text);
    } else if (kind === "binary") {
      room.binary -= bytes.length;
      if (room.binary < 0)
        throw new FormatError(`${where}: ${path}`, `rows of at most ${String(mostBinaryBytes)} bytes together`, "more");
      binaries.set(path, bytes);
    } else leftOut.push({ path, reason: kind.reason });
  }
  for (const [path, error] of garbled) {
    if (describesPictures(path, seen)) throw error;
    leftOut.push({ path, reason: "no text in UTF-8" });
  }
  const emptyFolders = foldersWithoutFiles([...seen]);
  return { pictures: sorted(pictures), texts: sorted(texts), binaries: sorted(binaries), emptyFolders, leftOut };
}

function textOf(bytes: Uint8Array, where: string): string | FormatError {
  try {
    return utf8Text(bytes, where);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

function describesPictures(path: string, files: ReadonlySet<string>): boolean {
  const stem = stemOf(path);
  const isBesidePicture = [...files].some((other) => stemOf(other) === stem && kindOf(other) === "picture");
  return isBesidePicture || nameListFile.test(path) || descriptionFile.test(path);
}

/** Those of some paths that end with `/` and begin no other one, sorted. */
function foldersWithoutFiles(paths: readonly string[]): string[] {
  const above = new Set<string>();
  for (const path of paths) {
    const parts = path.replace(/\/$/, "").split("/");
    for (let depth = 1; depth < parts.length; depth++) above.add(`${parts.slice(0, depth).join("/")}/`);
  }
  return paths.filter((path) => path.endsWith("/") && !above.has(path)).sort();
}

/** "none", with the first picture of a source that cannot be read and the reason, as errors say it. */
export function noneText({ pictures, leftOut }: Pick<Gathered, "pictures" | "leftOut">): string {
  const unread = leftOut.filter(({ path }) => kindOf(path) === "picture");
  const [first] = unread;
  if (pictures.size > 0 || first === undefined) return "none";
  return `none; ${String(unread.length)} cannot be read, such as ${first.path}: ${first.reason}`;
}

/** How a source is read. */
export interface GatherOptions {
  readonly resolution: number;
  readonly where: string;
  readonly limits?: Limits;
  readonly onFile?: (count: number) => void;
}

/** The pixels, or why there are none. */
async function readPicture(
  bytes: Uint8Array,
  codec: ImageCodec,
  resolution: number,
  where: string,
  limits: Limits,
): Promise<Uint8Array | string> {
  try {
    imageHeader(bytes, where, limits);
    return await codec.decode(bytes, resolution);
  } catch (error) {
    return error instanceof Error ? error.message.replace(`${where}: `, "") : String(error);
  }
}

/** The part of a file's name after its last dot, in lower case. */
export function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : "";
}

/** A path up to and with the dot before its ending. */
export const stemOf = (path: string): string => path.slice(0, path.length - endingOf(path).length);

function sorted<T>(files: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
