/** The files of a user's source: a folder, a zip or tar, or a folder of those. */
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import sharp, { type Sharp } from "sharp";
import type { ArchiveFile } from "../data/import/archive.ts";
import type { ImageCodec } from "../data/import/gather.ts";
import { defaultLimits } from "../data/import/limits.ts";
import { readTar } from "../data/import/tar.ts";
import { readZip } from "../data/import/zip.ts";
import { FormatError, MissingError } from "../errors.ts";

/** Seconds that decoding one picture may take. */
const decodeSeconds = 20;

/**
 * Every file of a source, and every folder as an entry without bytes whose path ends with `/`, in a fixed order. Members of
 * an archive in a folder, or of one of several sources, lie below its name, the number of a shard as a folder of its own:
 * `train-000002.tar` is `train/000002/`.
 *
 * @throws MissingError when there is no such file or folder
 * @throws FormatError when an archive is refused, or two files would have one path
 */
export async function* sourceFiles(paths: readonly string[]): AsyncGenerator<ArchiveFile> {
  const origins = new Map<string, string>();
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw new MissingError(path, "the source");
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
interface SourceFile extends ArchiveFile {
  readonly origin: string;
}

async function* filesOf(path: string, isFolder: boolean, isOneOfSeveral: boolean): AsyncGenerator<SourceFile> {
  if (isFolder) yield* filesOfFolder(path, isOneOfSeveral ? `${basename(path)}/` : "");
  else if (isArchive(path)) yield* membersOf(path, isOneOfSeveral ? shardFolder(basename(path)) : "");
  else yield { path: basename(path), bytes: await bytesOf(path), origin: path };
}

async function* filesOfFolder(folder: string, prefix: string): AsyncGenerator<SourceFile> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name) + (entry.isDirectory() ? "/" : ""))
    .map((place) => relative(folder, place).replaceAll("\\", "/") + (place.endsWith("/") ? "/" : ""))
    .filter((path) => !path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX"))
    .sort();
  for (const path of paths) {
    const place = join(folder, path);
    if (path.endsWith("/")) yield { path: prefix + path, bytes: new Uint8Array(0), origin: place };
    else if (isArchive(path)) yield* membersOf(place, prefix + shardFolder(path));
    else yield { path: prefix + path, bytes: await bytesOf(place), origin: place };
  }
}

const isArchive = (path: string): boolean => /\.(?:zip|tar|tgz|tar\.gz)$/i.test(path);

/** "train-000002.tar" as "train/000002/". */
function shardFolder(path: string): string {
  const stem = path.replace(/\.(?:zip|tar|tgz|tar\.gz)$/i, "");
  return `${stem.replace(/-(\d+)$/, "/$1")}/`;
}

async function* membersOf(path: string, prefix: string): AsyncGenerator<SourceFile> {
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
