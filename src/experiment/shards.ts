/** One run's units among several processes: each makes its share in one folder, and the last start collects. */
import { ConfigError } from "../errors.ts";
import { readJson, writeJson, type RunFolder } from "./run-folder.ts";
import { readRunState, readUnitTimes } from "./run-log.ts";
import { stageNames, type StageName } from "./stage-names.ts";
import type { Share, UnitSource } from "./stages.ts";

/** A process's share. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** Stages whose units are shared out; what those before training make beside them is quick, and made by every process. */
const sharedStages: readonly StageName[] = ["adapt", "produce", "train"];

/** The last stage that a share works on: the start that collects scores the classifiers. */
const lastStage: StageName = "train";

/** A share as the command line has it: `2/4` is the second of four. @throws ConfigError */
export function parseShard(text: string): Shard {
  const [, place = "", count = ""] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { index: Number(place) - 1, count: Number(count) };
  if (place === "" || shard.index < 0 || shard.index >= shard.count)
    throw new ConfigError("--shard", "i/n with 1 <= i <= n, such as 2/4", text);
  return shard;
}

/** Which units a share makes: of the shared stages every n-th, in the order of the run. */
export function shareOf({ index, count }: Shard): Share {
  return (stage, place) => !sharedStages.includes(stage) || place % count === index;
}

/** The last stage to work on: as asked, but none after training for a share. */
export function lastOf(shard: Shard | undefined, asked: StageName = "report"): StageName {
  const isEarlier = stageNames.indexOf(asked) < stageNames.indexOf(lastStage);
  return shard && !isEarlier ? lastStage : asked;
}

/** Names a share in paths: `2-of-4`. */
export function shardName({ index, count }: Shard): string {
  return `${String(index + 1)}-of-${String(count)}`;
}

/** The files that tell when and how long a process worked; each share has its own. */
const ownFiles = new Set(["run.json", "events.jsonl"]);

/** A run's folder as one of several processes writes to it. */
export function shardFolder(folder: RunFolder, shard: Shard): RunFolder {
  const pathOf = (path: string): string => (ownFiles.has(path) ? `shards/${shardName(shard)}/${path}` : path);
  return {
    read: (path) => folder.read(pathOf(path)),
    write: (path, bytes) => folder.write(pathOf(path), bytes),
    append: (path, text) => folder.append(pathOf(path), text),
    remove: (path) => folder.remove(pathOf(path)),
  };
}

/**
 * Opens a run's folder for one share: it is known from then on as an unfinished run of its spec, and how many share it.
 *
 * @param now ISO 8601, UTC
 * @throws ConfigError when it is shared among another number
 */
export async function openShard(folder: RunFolder, shard: Shard, specHash: string, now: string): Promise<RunFolder> {
  const known = await shardsOf(folder);
  if (known !== 0 && known !== shard.count)
    throw new ConfigError("--shard", `a share of ${String(known)}, as this run was begun`, shardName(shard));
  if (known === 0) await writeJson(folder, "shards.json", { count: shard.count });
  if ((await readRunState(folder)) === undefined) {
    const state = { specHash, state: "stopped", startedAt: now, elapsedSeconds: 0, peakMemoryBytes: null } as const;
    await writeJson(folder, "run.json", state);
  }
  return shardFolder(folder, shard);
}

/** Among how many a run is shared; 0 when it is not. */
async function shardsOf(folder: RunFolder): Promise<number> {
  const { count = 0 } = ((await readJson(folder, "shards.json")) ?? {}) as { readonly count?: number };
  return count;
}

async function sharesOf(folder: RunFolder): Promise<RunFolder[]> {
  const count = await shardsOf(folder);
  return Array.from({ length: count }, (_, index) => shardFolder(folder, { index, count }));
}

/** Seconds that all shares worked, together. */
export async function shardSeconds(folder: RunFolder): Promise<number> {
  let sum = 0;
  for (const share of await sharesOf(folder)) sum += (await readRunState(share))?.elapsedSeconds ?? 0;
  return sum;
}

/** `readUnitTimes` over the run's own start and all shares. */
export async function readAllUnitTimes(folder: RunFolder): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for (const each of [...(await sharesOf(folder)), folder])
    for (const [unit, elapsedMs] of await readUnitTimes(each)) times.set(unit, elapsedMs);
  return times;
}

/** A run as a source of units, with the times that making them took, whichever share made them. */
export async function unitSource(folder: RunFolder): Promise<UnitSource> {
  return { folder, times: await readAllUnitTimes(folder) };
}
