/** A user's files, as a page gets them, as a source to import from. */
import type { ArchiveFile } from "../src/data/import/archive.ts";
import { kindOf, type LeftOut } from "../src/data/import/gather.ts";
import { defaultLimits, type Limits } from "../src/data/import/limits.ts";
import { safePath } from "../src/data/import/safe-path.ts";
import { readTar } from "../src/data/import/tar.ts";
import { readZip } from "../src/data/import/zip.ts";
import { ConfigError, FormatError } from "../src/errors.ts";
import type { PictureFile } from "./lab-api.ts";

/** What `gather` reads, and what was left out before. */
export interface FileSource {
  readonly files: AsyncIterable<ArchiveFile>;
  readonly leftOut: readonly LeftOut[];
}

const archiveName = /\.(?:zip|tar|tgz|tar\.gz)$/i;

/**
 * One zip or tar, or the files of folders. The folder that all files lie in says nothing, as on the command line; hidden files
 * and what macOS adds are passed over.
 *
 * @param where names the source in errors
 * @throws ConfigError for no files, or for an archive among others
 * @throws FormatError when the files are too many or too large together; reading an archive throws more of them
 */
export function sourceOf(given: readonly PictureFile[], where: string, limits: Limits = defaultLimits): FileSource {
  const archive = given.find(({ path }) => archiveName.test(path));
  if (archive && given.length > 1)
    throw new ConfigError(where, "a folder of pictures, or one zip or tar alone", `${archive.path} among other files`);
  if (archive) {
    const read = /\.zip$/i.test(archive.path) ? readZip : readTar;
    return { files: read(chunksOf(archive.file), where, limits, true), leftOut: [] };
  }
  const [files, leftOut] = sifted(withoutRoot(given), limits);
  if (files.length === 0 && leftOut.length === 0) throw new ConfigError(where, "files", "none");
  checkAmount(files, where, limits);
  return { files: bytesOf(files), leftOut };
}

/** Paths without the folder that all of them begin with. */
function withoutRoot(given: readonly PictureFile[]): readonly PictureFile[] {
  const roots = new Set(given.map(({ path }) => path.slice(0, path.indexOf("/") + 1)));
  const [root = ""] = roots;
  return roots.size === 1 ? given.map(({ path, file }) => ({ path: path.slice(root.length), file })) : given;
}

const hidden = (path: string): boolean => path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");

/** The files to read, in the order of their paths, and those that are not worth it. */
function sifted(given: readonly PictureFile[], limits: Limits): [PictureFile[], LeftOut[]] {
  const [files, leftOut]: [PictureFile[], LeftOut[]] = [[], []];
  for (const { path, file } of [...given].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (hidden(path)) continue;
    const reason = reasonAgainst(path, file, limits);
    if (reason === undefined) files.push({ path, file });
    else leftOut.push({ path, reason });
  }
  return [files, leftOut];
}

function reasonAgainst(path: string, file: Blob, limits: Limits): string | undefined {
  const kind = kindOf(path);
  if (typeof kind !== "string") return kind.reason;
  if (kind === "picture" && file.size > limits.imageFileBytes)
    return `expected at most ${String(limits.imageFileBytes)} bytes, got ${String(file.size)}`;
  try {
    safePath(path, "");
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return `expected ${error.expected}, got ${error.actual}`;
    throw error;
  }
}

function checkAmount(files: readonly PictureFile[], where: string, limits: Limits): void {
  if (files.length > limits.entries)
    throw new FormatError(where, `at most ${String(limits.entries)} files`, String(files.length));
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes > limits.inflatedBytes)
    throw new FormatError(where, `at most ${String(limits.inflatedBytes)} bytes together`, String(bytes));
}

async function* bytesOf(files: readonly PictureFile[]): AsyncGenerator<ArchiveFile> {
  for (const { path, file } of files) yield { path, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** A file's bytes as they are read: not every browser's streams can be iterated. */
async function* chunksOf(file: Blob): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}
