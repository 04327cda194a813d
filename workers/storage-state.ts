/** What the lab keeps in this browser, and how much room there is. */
import { storedRuns } from "../src/experiment/stored-folder.ts";
import { storageManager } from "../src/storage/idb.ts";
import type { Medium } from "../src/storage/medium.ts";
import type { Store } from "../src/storage/store.ts";
import type { StorageState } from "./lab-api.ts";
import { storageSizes } from "./storage-sizes.ts";

/** @see LabApi.storage */
export async function storageState(store: Store, runs: Medium): Promise<StorageState> {
  const { usage = 0, quota = null } = (await storageManager()?.estimate()) ?? {};
  return {
    usedBytes: usage,
    quotaBytes: quota,
    persistent: (await storageManager()?.persisted()) ?? false,
    files: (await store.names()).length,
    runs: (await storedRuns(runs)).length,
    sizes: await storageSizes(store, runs),
  };
}
