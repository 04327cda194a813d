/** Runs that this browser keeps. */
import { MissingError } from "../../errors.ts";
import { readRun, type RunSource, type RunView } from "./run-view.ts";

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  jpg: "image/jpeg",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
};

/** A run's files by path. */
type Files = ReadonlyMap<string, Uint8Array>;

/** A run that was read, and the addresses that were made of its files. */
interface Kept {
  readonly reading: Promise<RunView>;
  readonly urls: Map<string, string>;
}

/** By kind and id. A finished run does not change. */
const read = new Map<string, Kept>();

/**
 * Reads a finished run, once. Addresses of its files are made when they are asked for, and last until it is forgotten.
 *
 * @param files asks for its files
 * @throws MissingError when it has no results, and what `files` throws
 */
export async function readKept(id: string, kind: RunSource["kind"], files: () => Promise<Files>): Promise<RunView> {
  const key = `${kind}/${id}`;
  const known = read.get(key);
  if (known) return known.reading;
  const urls = new Map<string, string>();
  const reading = files().then((found) => viewOf(id, kind, found, urls));
  read.set(key, { reading, urls });
  try {
    return await reading;
  } catch (error) {
    // A failure is not kept: the next visit tries again.
    read.delete(key);
    throw error;
  }
}

/** Lets go of a run that was read, and of the addresses of its files: nothing may show it any more. */
export function forgetKept(id: string): void {
  for (const kind of ["live", "opened"]) {
    for (const url of read.get(`${kind}/${id}`)?.urls.values() ?? []) URL.revokeObjectURL(url);
    read.delete(`${kind}/${id}`);
  }
}

function viewOf(id: string, kind: RunSource["kind"], files: Files, urls: Map<string, string>): Promise<RunView> {
  const found = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new MissingError(`run ${id}`, path);
    return bytes;
  };
  const url = (path: string): string => {
    const known = urls.get(path);
    if (known !== undefined) return known;
    const type = types[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    const made = URL.createObjectURL(new Blob([found(path) as Uint8Array<ArrayBuffer>], { type }));
    urls.set(path, made);
    return made;
  };
  const bytes = (path: string): Promise<Uint8Array> => Promise.resolve(found(path));
  return readRun({ kind, id, commit: null }, { paths: [...files.keys()].sort(), url, bytes });
}
