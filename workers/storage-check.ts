/** What a browser keeps for the lab, held against its hashes, and forgotten. */
import { FormatError, IntegrityError } from "../src/errors.ts";
import { readJson } from "../src/experiment/run-folder.ts";
import { pathsOfRun, storedFolder, storedRuns } from "../src/experiment/stored-folder.ts";
import { sha256 } from "../src/storage/hash.ts";
import type { Medium } from "../src/storage/medium.ts";
import { Store } from "../src/storage/store.ts";
import type { StorageCheck } from "./lab-api.ts";

/**
 * Reads every value of a store's medium, whatever was read of it before; damaged ones are gone then.
 *
 * @returns damaged ones by what they are: `download <sha256>`
 */
export async function checkDownloads(medium: Medium): Promise<StorageCheck> {
  // A store checks a shard at its first use only, so this one is new.
  const store = new Store(medium);
  const names = (await store.names()).sort();
  const damaged: string[] = [];
  for (const name of names) if (!(await isWhole(store, name))) damaged.push(`download ${name}`);
  return { checked: names.length, damaged };
}

async function isWhole(store: Store, name: string): Promise<boolean> {
  try {
    const source = await store.open(name);
    // A byte of each shard: the store hashes all of a shard before it gives any of it.
    const { shards } = await store.record(name);
    let at = 0;
    for (const { sizeBytes } of shards) {
      await source.read(at, 1);
      at += sizeBytes;
    }
    return true;
  } catch (error) {
    if (!(error instanceof IntegrityError || error instanceof FormatError)) throw error;
    await store.medium.remove(`values/${name}`);
    return false;
  }
}

/** What a unit's record says of its bytes. */
interface BytesRecord {
  readonly blob?: { readonly sizeBytes: number; readonly sha256: string } | null;
}

/**
 * Reads the bytes of every unit of every run, and changes nothing: an unfinished run makes a damaged unit again when it
 * goes on, a finished one never does.
 *
 * @returns damaged ones by run and path
 */
export async function checkRuns(runs: Medium): Promise<StorageCheck> {
  let checked = 0;
  const damaged: string[] = [];
  for (const id of await storedRuns(runs)) {
    const folder = storedFolder(runs, id);
    const records = (await pathsOfRun(runs, id)).filter((path) => path.endsWith(".json"));
    for (const path of records) {
      const expected = ((await readJson(folder, path)) as BytesRecord | null | undefined)?.blob;
      if (typeof expected?.sha256 !== "string") continue;
      const bytesPath = path.replace(/\.json$/, ".bin");
      const bytes = await folder.read(bytesPath);
      // A bundle leaves some units' bytes out; their records alone are as they were.
      if (bytes === undefined) continue;
      checked++;
      if (bytes.length !== expected.sizeBytes || (await sha256(bytes)) !== expected.sha256)
        damaged.push(`${id}/${bytesPath}`);
    }
  }
  return { checked, damaged };
}

/** Forgets all values of a store's medium, and what a write that was cut off has left. */
export async function clearStore(medium: Medium): Promise<void> {
  // Links before values before shards: a kill in between leaves nothing that looks whole.
  for (const folder of ["links", "values", "shards"])
    for (const key of await medium.keys(folder)) await medium.remove(key);
}
