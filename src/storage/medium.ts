import { QuotaError } from "../errors.ts";

/**
 * Where a store's bytes lie: files, IndexedDB or memory. Keys are `folder/name` of letters, digits and `-`.
 * A write is all or nothing: after a crash a key has its old bytes or its new ones.
 */
export interface Medium {
  /** The bytes of a key, or undefined. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** @throws QuotaError when there is no room; what was there stays */
  write(key: string, bytes: Uint8Array): Promise<void>;
  /** Forgets a key; one that is not there is no error. */
  remove(key: string): Promise<void>;
  /** Whether a key is there, without reading it. */
  has(key: string): Promise<boolean>;
  /** How many bytes a key has, without reading them, or undefined. */
  size(key: string): Promise<number | undefined>;
  /** The keys of a folder, `folder/` included, in no order. */
  keys(folder: string): Promise<string[]>;
  /**
   * Bytes that can still be written, as far as the platform tells; Infinity when it does not.
   *
   * @param wanted makes sure of so many, where the platform's word alone is not to be trusted; more are of no interest then
   */
  freeBytes(wanted?: number): Promise<number>;
}

/**
 * A medium that lives as long as the page or process.
 *
 * @param capacityBytes all values together
 */
export const memoryMedium = (capacityBytes = Infinity): Medium => {
  const values = new Map<string, Uint8Array>();
  const free = (): number => capacityBytes - [...values.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  return {
    read: (key) => Promise.resolve(values.get(key)?.slice()),
    write: async (key, bytes) => {
      const room = free() + (values.get(key)?.length ?? 0);
      if (bytes.length > room) throw new QuotaError(`memory: ${key}`, bytes.length, room);
      values.set(key, bytes.slice());
      return Promise.resolve();
    },
    remove: (key) => Promise.resolve(void values.delete(key)),
    has: (key) => Promise.resolve(values.has(key)),
    size: (key) => Promise.resolve(values.get(key)?.length),
    keys: (folder) => Promise.resolve([...values.keys()].filter((key) => key.startsWith(`${folder}/`))),
    freeBytes: () => Promise.resolve(free()),
  };
};
