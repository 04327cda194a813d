/** Run folders in a medium such as IndexedDB, where a disk's folders are not. */
import type { Medium } from "../storage/medium.ts";
import type { RunFolder } from "./run-folder.ts";
import { readRunState } from "./run-log.ts";
import { runEnding, runName } from "./run-name.ts";
import { stageNames } from "./stage-names.ts";

const parent = "runs";

/** A run's folder by the run's name. Only one thread may append to it at a time. */
export function storedFolder(medium: Medium, run: string): RunFolder {
  const keyOf = (path: string): string => `${parent}/${run}/${path}`;
  return {
    read: (path) => medium.read(keyOf(path)),
    write: (path, bytes) => medium.write(keyOf(path), bytes),
    append: async (path, text) => {
      const before = (await medium.read(keyOf(path))) ?? new Uint8Array(0);
      const added = new TextEncoder().encode(text);
      const after = new Uint8Array(before.length + added.length);
      after.set(before);
      after.set(added, before.length);
      await medium.write(keyOf(path), after);
    },
    remove: (path) => medium.remove(keyOf(path)),
  };
}

/** Names of the runs that a medium holds, oldest first. */
export async function storedRuns(medium: Medium): Promise<string[]> {
  const keys = await medium.keys(parent);
  return [...new Set(keys.map((key) => key.split("/")[1]!))].sort();
}

/**
 * The latest unfinished run of a spec, or a name for a new one: `<time>_<name>_<hash>`.
 *
 * @param hash of the spec
 * @param now milliseconds since 1970
 */
export async function chooseStoredRun(medium: Medium, name: string, hash: string, now: number): Promise<string> {
  const ending = runEnding(name, hash);
  const latest = (await storedRuns(medium)).filter((run) => run.endsWith(ending)).at(-1);
  if (latest !== undefined) {
    const state = await readRunState(storedFolder(medium, latest));
    if (state?.specHash === hash && state.state !== "done") return latest;
  }
  return runName(name, hash, now);
}

/** Paths of all files of a run, sorted. */
export async function pathsOfRun(medium: Medium, run: string): Promise<string[]> {
  const prefix = `${parent}/${run}/`;
  const keys = await medium.keys(parent);
  return keys.flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])).sort();
}

/** What a run leaves for people, by path: all of its files but the units that it is made of. */
export async function filesOfRun(medium: Medium, run: string): Promise<Map<string, Uint8Array>> {
  const paths = await pathsOfRun(medium, run);
  const folder = storedFolder(medium, run);
  const kept = paths.filter((path) => !stageNames.some((stage) => path.startsWith(`${stage}/`)));
  const files = new Map<string, Uint8Array>();
  for (const path of kept) files.set(path, (await folder.read(path)) ?? new Uint8Array(0));
  return files;
}

/** Forgets a run with all of its files. */
export async function removeStoredRun(medium: Medium, run: string): Promise<void> {
  for (const key of await medium.keys(parent)) if (key.startsWith(`${parent}/${run}/`)) await medium.remove(key);
}
