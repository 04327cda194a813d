/** The files of a user's source: a folder, a zip or tar, or a folder of those. */
import { createReadStream } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import sharp, { type Sharp } from "sharp";
import type { ImageCodec, SourceFile } from "../data/import/gather.ts";
import { defaultLimits } from "../data/import/limits.ts";
import { readTar } from "../data/import/tar.ts";
import { readZip } from "../data/import/zip.ts";
import { FormatError, MissingError } from "../errors.ts";
import { errorCode } from "../storage/files.ts";
import { elsewhereHint } from "./callers-folder.ts";

/** Seconds that decoding one picture may take. */
const decodeSeconds = 20;

/**
 * Every file of a source, and every folder as an entry without bytes whose path ends with `/`, in a fixed order. Members of
 * an archive in a folder, or of one of several sources, lie below its name, the number of a shard as a folder of its own:
 * `train-000002.tar` is `train/000002/`. Links in a folder are followed; one that leads nowhere, or to a folder that it lies in, is
 * given with the reason why it is left out.
 *
 * @throws MissingError when there is no such file or folder
 * @throws FormatError when an archive is refused, or two files would have one path
 */
export async function* sourceFiles(paths: readonly string[]): AsyncGenerator<SourceFile> {
  const origins = new Map<string, string>();
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw new MissingError(path, "the source", elsewhereHint(path));
    for await (const { origin, ...file } of filesOf(path, found.isDirectory(), paths.length > 1)) {
      const earlier = origins.get(file.path);
      if (earlier !== undefined && !file.path.endsWith("/"))
        throw new FormatError(file.path, "one file of this path in all sources", `${earlier} and ${origin}`);
      origins.set(file.path, origin);
      yield file;
    }
  }
}

/** A file and where on the disk it came from. */
type PlacedFile = SourceFile & { readonly origin: string };

async function* filesOf(path: string, isFolder: boolean, isOneOfSeveral: boolean): AsyncGenerator<PlacedFile> {
  if (isFolder) yield* filesOfFolder(path, isOneOfSeveral ? `${basename(path)}/` : "");
  else if (isArchive(path)) yield* membersOf(path, isOneOfSeveral ? shardFolder(basename(path)) : "");
  else yield { path: basename(path), bytes: await bytesOf(path), origin: path };
}

async function* filesOfFolder(folder: string, prefix: string): AsyncGenerator<PlacedFile> {
  const entries = await entriesOf(folder, "", [await realpath(folder)]);
  for (const { path, reason } of entries.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const place = join(folder, path);
    if (reason !== undefined) yield { path: prefix + path, reason, origin: place };
    else if (path.endsWith("/")) yield { path: prefix + path, bytes: new Uint8Array(0), origin: place };
    else if (isArchive(path)) yield* membersOf(place, prefix + shardFolder(path));
    else yield { path: prefix + path, bytes: await bytesOf(place), origin: place };
  }
}

/** A file or folder below a source's folder, by its path from there; a folder's ends with `/`. */
interface FolderEntry {
  readonly path: string;
  /** Why it cannot be read. */
  readonly reason?: string;
}

/** @param above real paths of the folder and of those that it was reached through */
async function entriesOf(folder: string, prefix: string, above: readonly string[]): Promise<FolderEntry[]> {
  const found: FolderEntry[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || entry.name === "__MACOSX") continue;
    const [path, place] = [prefix + entry.name, join(folder, entry.name)];
    const isLink = entry.isSymbolicLink();
    const followed = isLink ? await stat(place).catch(brokenLink) : entry;
    if (typeof followed === "string") found.push({ path, reason: followed });
    else if (followed.isDirectory()) {
      const real = isLink ? await realpath(place) : join(above[0]!, entry.name);
      if (isLink && above.some((one) => isWithin(one, real)))
        found.push({ path, reason: "a link to a folder that it lies in" });
      else found.push({ path: `${path}/` }, ...(await entriesOf(place, `${path}/`, [real, ...above])));
    } else if (followed.isFile()) found.push({ path });
    else found.push({ path, reason: "neither a file nor a folder" });
  }
  return found;
}

/** Why a link cannot be followed. */
function brokenLink(error: unknown): string {
  if (errorCode(error) === "ENOENT") return "a link to a file that is not there";
  return errorCode(error) === "ELOOP"
    ? "a link that leads to itself"
    : `a link that cannot be followed (${String(error)})`;
}

const isWithin = (place: string, folder: string): boolean =>
  place === folder || place.startsWith(folder.endsWith(sep) ? folder : folder + sep);

const isArchive = (path: string): boolean => /\.(?:zip|tar|tgz|tar\.gz)$/i.test(path);

/** "train-000002.tar" as "train/000002/". */
function shardFolder(path: string): string {
  const stem = path.replace(/\.(?:zip|tar|tgz|tar\.gz)$/i, "");
  return `${stem.replace(/-(\d+)$/, "/$1")}/`;
}

async function* membersOf(path: string, prefix: string): AsyncGenerator<PlacedFile> {
  const read = /\.zip$/i.test(path) ? readZip : readTar;
  for await (const member of read(createReadStream(path), path, defaultLimits, true))
    yield { path: prefix + member.path, bytes: member.bytes, origin: `${path}: ${member.path}` };
}

/** @throws FormatError when it is larger than an archive may be */
async function bytesOf(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  const most = defaultLimits.inflatedBytes;
  if (size > most) throw new FormatError(path, `a file of at most ${String(most)} bytes`, String(size));
  return readFile(path);
}

/** Decoding and resizing by libvips: turned as EXIF says, on white, the middle square, Lanczos-3. */
export const sharpCodec: ImageCodec = {
  decode: (bytes, resolution) =>
    square(sharp(bytes, { limitInputPixels: defaultLimits.imagePixels, failOn: "error" }).autoOrient(), resolution),
  resize: ({ width, height, data }, resolution) =>
    square(sharp(data, { raw: { width, height, channels: 3 } }), resolution),
};

async function square(image: Sharp, resolution: number): Promise<Uint8Array> {
  return image
    .timeout({ seconds: decodeSeconds })
    .flatten({ background: "white" })
    .resize(resolution, resolution, { fit: "cover", kernel: "lanczos3" })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer();
}
