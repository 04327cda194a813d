/** Run folders on a disk. */
import { appendFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MissingError } from "../errors.ts";
import type { Results } from "../experiment/record.ts";
import { readRunState, type RunState } from "../experiment/run-log.ts";
import { readJson, type RunFolder } from "../experiment/run-folder.ts";
import { readAllUnitTimes } from "../experiment/shards.ts";
import { removeTemporaries, writeFileAtomic } from "../storage/files.ts";
import { isAlive, isWorkedIn } from "./folder-lock.ts";

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
    remove: (path) => rm(join(directory, path), { force: true }),
  };
}

/** For a promise's `catch`: nothing where there is no such file. @throws any other error again */
export function undefinedWhenMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

/** By when they began; a shared run's name has no time. Sorting leaves what began together as it is. */
export function latestFirst(a: Pick<RunState, "startedAt">, b: Pick<RunState, "startedAt">): number {
  return Number(a.startedAt < b.startedAt) - Number(a.startedAt > b.startedAt);
}

/** The state of a run folder and of all shares of it, together; undefined where it holds no run. */
export async function readWholeState(directory: string): Promise<RunState | undefined> {
  const whole = await readRunState(diskFolder(directory));
  const states = whole ? [whole] : [];
  for (const share of await namesIn(join(directory, "shards"))) {
    const state = await readRunState(diskFolder(join(directory, "shards", share)));
    if (state) states.push(state);
  }
  const [first] = states;
  if (first === undefined) return undefined;
  const peaks = states.map(({ peakMemoryBytes }) => peakMemoryBytes).filter((bytes) => bytes !== null);
  const isRunning = states.some(({ state }) => state === "running");
  return {
    specHash: first.specHash,
    state: whole?.state === "done" ? "done" : isRunning ? "running" : "stopped",
    startedAt: whole?.startedAt ?? states.map(({ startedAt }) => startedAt).sort()[0]!,
    elapsedSeconds: states.reduce((sum, { elapsedSeconds }) => sum + elapsedSeconds, 0),
    peakMemoryBytes: peaks.length === 0 ? null : Math.max(...peaks),
  };
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

/** How far a run has come, its shares together. */
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
    const known = await readWholeState(directory).catch(() => undefined);
    if (!known) continue;
    const state = known.state === "running" && !(await isWorkedIn(directory)) ? "interrupted" : known.state;
    const times = await readAllUnitTimes(diskFolder(directory)).catch(() => new Map());
    runs.push({ directory, ...known, state, unitsFinished: times.size });
  }
  return runs.sort(latestFirst);
}
