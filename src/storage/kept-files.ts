/** Files that a server holds, downloaded once, kept in a store and checked by hash at every visit. */
import { FormatError, IntegrityError, MissingError } from "../errors.ts";
import { requireSha256, sha256 } from "./hash.ts";
import type { Store } from "./store.ts";

/** Sizes and hashes of files by their paths; a file that is not listed is not loaded. */
export type FileHashes = Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;

/** Gives the bytes of one file by its path. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** How files are kept. */
export interface KeptFilesOptions {
  readonly store: Store;
  readonly files: FileHashes;
  readonly download: ReadFile;
  /** Names the files' list in errors. */
  readonly where: string;
  /** Called before a download. */
  readonly onDownload?: (path: string, bytes: number) => void;
}

/**
 * A reader that takes a file from the store when it is there and whole, else downloads, checks and keeps it.
 *
 * @returns a reader that throws MissingError for a file without a hash, FormatError or IntegrityError for a download that is
 *   not what the list says, QuotaError where it does not fit
 */
export function keptFiles({ store, files, download, where, onDownload }: KeptFilesOptions): ReadFile {
  const checked = checkedFiles(files, download, where);
  return async (path) => {
    const expected = listedOf(files, path, where);
    const kept = await readKept(store, expected.sha256);
    if (kept) return kept;
    await store.requireFree(expected.bytes);
    onDownload?.(path, expected.bytes);
    const bytes = await checked(path);
    await store.link(linkOf(expected.sha256), (await store.put(bytes)).name);
    return bytes;
  };
}

/**
 * A reader that refuses what is not what a list says.
 *
 * @param where names the list in errors
 * @returns a reader that throws MissingError for a file without a hash, FormatError or IntegrityError for another file
 */
export function checkedFiles(files: FileHashes, read: ReadFile, where: string): ReadFile {
  return async (path) => {
    const expected = listedOf(files, path, where);
    const bytes = await read(path);
    if (bytes.length !== expected.bytes)
      throw new FormatError(`${where}: ${path}`, `${String(expected.bytes)} bytes`, `${String(bytes.length)} bytes`);
    await requireSha256(bytes, expected.sha256, `${where}: ${path}`);
    return bytes;
  };
}

/** @throws MissingError */
function listedOf(files: FileHashes, path: string, where: string): FileHashes[string] {
  const expected = Object.hasOwn(files, path) ? files[path] : undefined;
  if (!expected) throw new MissingError(where, `the hash of ${path}`, "a file without one is not loaded");
  return expected;
}

/** Whether a file is kept, by its hash; its bytes are checked when they are read. */
export async function isKept(store: Store, hash: string): Promise<boolean> {
  return (await store.find(linkOf(hash))) !== undefined;
}

const byHash = "file sha256 ";
const byAddress = "file at ";

const linkOf = (hash: string): string => byHash + hash;

/** What a store's key that stands for a file says of it: its hash or, of one that may change, its address; null for other keys. */
export function fileOfLink(key: string): { readonly sha256: string } | { readonly address: string } | null {
  if (key.startsWith(byHash)) return { sha256: key.slice(byHash.length) };
  return key.startsWith(byAddress) ? { address: key.slice(byAddress.length) } : null;
}

/** The file of a hash, or undefined when it is not there or damaged: the store has let go of a damaged one. */
async function readKept(store: Store, hash: string): Promise<Uint8Array | undefined> {
  const name = await store.find(linkOf(hash));
  if (name === undefined) return undefined;
  try {
    const bytes = await store.get(name);
    // A value of one shard is named by this very hash, which the store has checked.
    return name === hash || (await sha256(bytes)) === hash ? bytes : undefined;
  } catch (error) {
    if (error instanceof IntegrityError || error instanceof MissingError) return undefined;
    throw error;
  }
}

/**
 * Downloads files below an address.
 *
 * @param base ends with `/`
 * @param request as for `fetch`
 * @returns a reader that throws MissingError when the server does not have the file, or does not answer, and the
 *   reason of the request's signal where that ended it
 */
export function downloads(base: string, request: RequestInit = {}): ReadFile {
  return async (path) => {
    const noAnswer = (error: unknown): never => {
      request.signal?.throwIfAborted();
      throw new MissingError(
        base,
        path,
        `no answer over the network: ${error instanceof Error ? error.message : String(error)}`,
      );
    };
    const response = await fetch(new URL(path, base), request).catch(noAnswer);
    if (!response.ok) throw new MissingError(base, path, `the server answers ${String(response.status)}`);
    return new Uint8Array(await response.arrayBuffer().catch(noAnswer));
  };
}

/**
 * A small file that may change, such as a list of hashes: from the server, or as last seen when there is no answer.
 *
 * @throws MissingError when the server does not have it and it was never seen
 */
export async function freshFile(store: Store, base: string, path: string): Promise<Uint8Array> {
  const key = byAddress + new URL(path, base).href;
  try {
    const bytes = await downloads(base, { cache: "no-cache" })(path);
    await store.link(key, (await store.put(bytes)).name);
    return bytes;
  } catch (error) {
    const name = error instanceof MissingError ? await store.find(key) : undefined;
    if (name === undefined) throw error;
    return store.get(name);
  }
}
