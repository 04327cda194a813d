/** Run folders on a disk. */
import { appendFile, mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MissingError } from "../errors.ts";
import type { Results } from "../experiment/record.ts";
import { readRunState, type RunState } from "../experiment/run-log.ts";
import { readJson, type RunFolder } from "../experiment/run-folder.ts";
import { runEnding, runName } from "../experiment/run-name.ts";
import { removeTemporaries, writeFileAtomic } from "../storage/files.ts";
import { isAlive, lockHolder } from "./folder-lock.ts";

/** A run's folder on the disk, made when it is first written to. */
export function diskFolder(directory: string): RunFolder {
  return {
    read: async (path) => {
      const bytes = await readFile(join(directory, path)).catch(undefinedWhenMissing);
      // A Buffer's `slice` shares its memory; a plain array's copies, and everyone above counts on that.
      return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    },
    write: (path, bytes) => writeFileAtomic(join(directory, path), [bytes]),
    append: async (path, text) => {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await appendFile(join(directory, path), text);
    },
  };
}

/** For a promise's `catch`: nothing where there is no such file. @throws any other error again */
export function undefinedWhenMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

/** Where a run works, and whether it goes on with what is there. */
export interface ChosenFolder {
  readonly directory: string;
  readonly resumed: boolean;
}

/**
 * The latest unfinished folder of the same spec, or a new name.
 *
 * @param parent where run folders lie, such as `runs`
 * @param now milliseconds since 1970
 */
export async function chooseFolder(
  parent: string,
  name: string,
  hash: string,
  resume: "auto" | "never",
  now: number,
): Promise<ChosenFolder> {
  const [latest] = resume === "auto" ? await runsOfSpec(parent, name, hash) : [];
  // A finished run is not gone over again, and neither are older ones.
  if (latest && latest.state !== "done") return { directory: latest.directory, resumed: true };
  return { directory: join(parent, runName(name, hash, now)), resumed: false };
}

/** The folder that all shares of a spec's run work in, whichever of them begins. */
export function sharedFolder(parent: string, name: string, hash: string): string {
  return join(parent, `shared${runEnding(name, hash)}`);
}

/** The latest finished run of a spec, by its hash. */
export async function finishedRun(parent: string, name: string, hash: string): Promise<string | undefined> {
  const runs = await runsOfSpec(parent, name, hash);
  return runs.find(({ state }) => state === "done")?.directory;
}

/** The runs of a spec, latest first. */
async function runsOfSpec(
  parent: string,
  name: string,
  hash: string,
): Promise<{ readonly directory: string; readonly state: RunState["state"] }[]> {
  const candidates = (await namesIn(parent)).filter((candidate) => candidate.endsWith(runEnding(name, hash)));
  const runs = [];
  for (const candidate of candidates.reverse()) {
    const directory = join(parent, candidate);
    const known = await readRunState(diskFolder(directory));
    if (known?.specHash === hash) runs.push({ directory, state: known.state });
  }
  return runs;
}

/** What lies in a directory, sorted; nothing where there is none. */
export async function namesIn(directory: string): Promise<string[]> {
  return ((await readdir(directory).catch(undefinedWhenMissing)) ?? []).sort();
}

/** Removes what a kill has left of files that were being written in a run folder; those of living processes stay. */
export function tidyFolder(directory: string): Promise<number> {
  return removeTemporaries(directory, isAlive);
}

/** A run's results. @throws MissingError when it is not finished */
export function readResults(directory: string): Promise<Results> {
  return readRecord(directory, "results.json", "the run is not finished, or this is no run");
}

/** A JSON file of a run's folder. @param hint why it may not be there @throws MissingError when it is not, or is not JSON */
export async function readRecord<T>(directory: string, path: string, hint?: string): Promise<T> {
  const record = await readJson(diskFolder(directory), path);
  if (record === undefined) throw new MissingError(directory, path, hint);
  return record as T;
}

/** How far a run has come. */
export interface RunStatus extends Omit<RunState, "state"> {
  readonly directory: string;
  /** `interrupted` is a run whose process is gone without a word. */
  readonly state: RunState["state"] | "interrupted";
  readonly unitsFinished: number;
}

/** The runs of a folder, latest first. */
export async function listRuns(parent: string): Promise<RunStatus[]> {
  const runs: RunStatus[] = [];
  for (const name of (await namesIn(parent)).reverse()) {
    const directory = join(parent, name);
    const folder = diskFolder(directory);
    const known = await readRunState(folder).catch(() => undefined);
    if (!known) continue;
    const holder = await lockHolder(directory);
    const state = known.state === "running" && !isAlive(holder) ? "interrupted" : known.state;
    const events = new TextDecoder().decode(await folder.read("events.jsonl"));
    const unitsFinished = events.split("\n").filter((line) => line.includes('"unit-finished"')).length;
    runs.push({ directory, ...known, state, unitsFinished });
  }
  return runs;
}
