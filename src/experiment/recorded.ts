/** Finished runs that come with the page: which of their files, and what is said of them. */
import { MissingError } from "../errors.ts";
import { sha256 } from "../storage/hash.ts";
import type { Gallery } from "./gallery.ts";

/** What is kept of a run at most, in bytes: a page's visitor loads it. */
export const mostRecordedBytes = 8 * 2 ** 20;

/** Figures full of pictures are kept up to this size; the gallery has the pictures. */
const mostPictureBytes = 1e6;

/** Files that every recorded run has. */
const needed = [
  ...["results.json", "metrics.jsonl", "gallery.json", "confusions.json", "config.resolved.json", "env.json"],
] as const;

/** Others that are kept: atlases, figures and tables; no name begins with a dot. */
const kept = /^((gallery|tables)\/[^/.][^/]*|figures\/[^/.][^/]*\.svg)$/;
const fullOfPictures = ["figures/contact-sheet.svg", "figures/grid.svg"];
const page = "report.html";

/** A run that comes with the page: `record.json` in its folder. */
export interface RunRecord {
  readonly version: 1;
  /** The run folder's name: time, name and the spec's hash. */
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Over all its starts. */
  readonly elapsedSeconds: number;
  readonly adapter: string;
  /** Of the machine's processor; null where nobody wrote it down. */
  readonly cores: number | null;
  /** The version of the project that made it; null where it is not known. */
  readonly commit: string | null;
  /** By path in its folder. */
  readonly files: Readonly<Record<string, { readonly sizeBytes: number; readonly sha256: string }>>;
}

/** The runs that come with the page: `index.json`, by name. */
export interface RecordIndex {
  readonly version: 1;
  /** `path` is the folder, relative to the index. */
  readonly runs: readonly { readonly name: string; readonly path: string }[];
}

/** Which files of a run are kept, and which of those that would be are too large; sorted. */
export interface RecordedFiles {
  readonly kept: readonly string[];
  readonly leftOut: readonly string[];
}

/**
 * Chooses the files that a page shows.
 *
 * @param where names the run
 * @param sizes of all its files, in bytes
 * @throws MissingError when the run lacks one that a page needs
 */
export function chooseFiles(where: string, sizes: ReadonlyMap<string, number>): RecordedFiles {
  for (const path of needed)
    if (!sizes.has(path)) throw new MissingError(where, path, "`rog resume RUN --again` makes the run's report anew");
  const wanted = [...sizes.keys()].filter((path) => path !== page && (kept.test(path) || isNeeded(path)));
  const isTooLarge = (path: string): boolean => fullOfPictures.includes(path) && sizes.get(path)! > mostPictureBytes;
  const light = wanted.filter((path) => !isTooLarge(path));
  const total = light.reduce((sum, path) => sum + sizes.get(path)!, 0);
  const hasRoom = total + (sizes.get(page) ?? Infinity) <= mostRecordedBytes;
  const leftOut = wanted.filter(isTooLarge);
  if (sizes.has(page)) (hasRoom ? light : leftOut).push(page);
  return { kept: light.sort(), leftOut: leftOut.sort() };
}

const isNeeded = (path: string): boolean => needed.some((name) => name === path);

/** Bytes in words, such as `9.3 MiB`. */
export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Requires every atlas that a gallery names. @throws MissingError naming the first that is not there */
export function requireAtlases(where: string, { sets }: Pick<Gallery, "sets">, paths: readonly string[]): void {
  const named = sets.flatMap(({ atlas, nearestAtlas }) => [atlas, nearestAtlas ?? []].flat());
  const missing = named.find((path) => !paths.includes(path));
  if (missing !== undefined) throw new MissingError(where, missing, "gallery.json names it");
}

/** What is said of files, in their order. */
export async function describeFiles(files: ReadonlyMap<string, Uint8Array>): Promise<RunRecord["files"]> {
  const described = [...files].map(
    async ([path, bytes]) => [path, { sizeBytes: bytes.length, sha256: await sha256(bytes) }] as const,
  );
  return Object.fromEntries(await Promise.all(described));
}
