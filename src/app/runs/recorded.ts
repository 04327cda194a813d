/** Runs that come with the page, below `recorded/`. */
import { recordedFile, recordedIndex, recordOf } from "../../experiment/recorded-address.ts";
import { MissingError } from "../../errors.ts";
import { requireSha256 } from "../../storage/hash.ts";
import { readRun, type RunFiles, type RunView } from "./run-view.ts";

/** A recorded run, as `recorded/index.json` lists it. */
export interface RecordedRun {
  readonly name: string;
  /** Its folder below `recorded/`. */
  readonly path: string;
}

interface RecordFile {
  readonly id: string;
  readonly commit: string | null;
  readonly files: Readonly<Record<string, { readonly sizeBytes: number; readonly sha256: string }>>;
}

/** The page's own address, ending with `/`. */
export const pageAddress = (): string => new URL(import.meta.env.BASE_URL, location.href).href;

const addressOf = (path: string): string => new URL(path, pageAddress()).href;

/** For what may change under its address. */
const anew: RequestInit = { cache: "no-cache" };

async function get(address: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(address, init);
  if (!response.ok) throw new MissingError(address, `HTTP ${response.status}`);
  return response;
}

/** The runs that come with the page; none where it is served without. */
export async function recordedRuns(): Promise<readonly RecordedRun[]> {
  const response = await fetch(addressOf(recordedIndex), anew);
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  if (!response.ok || !isJson) return [];
  return ((await response.json()) as { readonly runs: readonly RecordedRun[] }).runs;
}

/** Recorded runs that were read, by folder. */
const views = new Map<string, Promise<RunView>>();

/**
 * Reads a recorded run, once. Its JSON files are held against their hashes; pictures are shown as they come.
 *
 * @throws MissingError, IntegrityError
 */
export async function readRecorded({ path }: RecordedRun): Promise<RunView> {
  const reading = views.get(path) ?? readFolder(path);
  views.set(path, reading);
  try {
    return await reading;
  } catch (error) {
    // A failure is not kept: the next visit tries again.
    views.delete(path);
    throw error;
  }
}

async function readFolder(path: string): Promise<RunView> {
  const record = (await (await get(addressOf(recordOf(path)), anew)).json()) as RecordFile;
  const hashOf = (file: string): string => {
    const listed = record.files[file];
    if (listed === undefined) throw new MissingError(`recorded/${path}`, file);
    return listed.sha256;
  };
  const url = (file: string): string => addressOf(recordedFile(path, file, hashOf(file)));
  const files: RunFiles = {
    paths: Object.keys(record.files).sort(),
    url,
    bytes: async (file) => {
      const bytes = new Uint8Array(await (await get(url(file))).arrayBuffer());
      await requireSha256(bytes, hashOf(file), `recorded/${path}/${file}`);
      return bytes;
    },
  };
  return readRun({ kind: "recorded", id: record.id, commit: record.commit }, files);
}
