import { createStore, del, get, keys, set } from "idb-keyval";
import { QuotaError } from "../errors.ts";
import { grantedRoom } from "./granted-room.ts";
import type { Medium } from "./medium.ts";

/**
 * A store's bytes in IndexedDB, as Blobs, so that the browser keeps them on disk and not in memory.
 * One transaction writes one key, so a write is whole or absent.
 *
 * @param database the database's name; every name is its own medium
 */
export const idbMedium = (database = "retrieve-or-generate"): Medium => {
  const values = createStore(database, "values");
  return {
    read: async (key) => {
      const blob = await get<Blob>(key, values);
      return blob && new Uint8Array(await blob.arrayBuffer());
    },
    write: async (key, bytes) => {
      try {
        await set(key, new Blob([bytes as Uint8Array<ArrayBuffer>]), values);
      } catch (error) {
        if (error instanceof DOMException && error.name === "QuotaExceededError") {
          throw new QuotaError(`IndexedDB: ${key}`, bytes.length, await freeBytes(bytes.length));
        }
        throw error;
      }
    },
    remove: (key) => del(key, values),
    has: async (key) => (await get<Blob>(key, values)) !== undefined,
    size: async (key) => (await get<Blob>(key, values))?.size,
    keys: async (folder) => (await keys<string>(values)).filter((key) => key.startsWith(`${folder}/`)),
    freeBytes,
  };
};

/** The browser's storage manager, which pages of plain http do not have. */
export const storageManager = (): StorageManager | undefined => navigator.storage;

const freeBytes = async (wanted?: number): Promise<number> => {
  const { quota, usage } = (await storageManager()?.estimate()) ?? {};
  const estimated = quota === undefined ? Infinity : Math.max(0, quota - (usage ?? 0));
  return wanted === undefined || estimated < wanted ? estimated : grantedRoom(wanted);
};
