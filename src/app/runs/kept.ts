/** Runs that this browser keeps. */
import { MissingError } from "../../errors.ts";
import { readRun, type RunSource, type RunView } from "./run-view.ts";

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
};

/**
 * A finished run from its files.
 *
 * @param files by path; addresses of them are made when they are asked for, and last as long as the page
 * @throws MissingError when it has no results
 */
export async function readKept(
  id: string,
  kind: RunSource["kind"],
  files: ReadonlyMap<string, Uint8Array>,
): Promise<RunView> {
  const urls = new Map<string, string>();
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
