import { idbMedium } from "../../src/storage/idb.ts";
import { Store } from "../../src/storage/store.ts";

/** Keeps a value in shards of `shardBytes` and links a key to it; gives its name. */
export const put = async (bytes: Uint8Array, shardBytes: number, key: string): Promise<string> => {
  const store = new Store(idbMedium(), shardBytes);
  const { name } = await store.put(bytes);
  await store.link(key, name);
  return name;
};

/** Reads a value by its key, as another visit would. */
export const getByKey = async (key: string): Promise<Uint8Array | undefined> => {
  const store = new Store(idbMedium());
  const name = await store.find(key);
  return name === undefined ? undefined : store.get(name);
};

/** Damages the first shard of a value, and tells the name of the error that reading it gives, and whether it is left. */
export const damage = async (name: string): Promise<{ error: string; left: boolean }> => {
  const medium = idbMedium();
  const store = new Store(medium);
  const [shard] = (await store.record(name)).shards;
  await medium.write(`shards/${shard!.name}`, Uint8Array.of(0));
  const error = await store.get(name).then(
    () => "none",
    (reason: unknown) => (reason as Error).name,
  );
  return { error, left: await store.has(name) };
};

/** Removes a value; gives the folders' sizes that are left, and the free bytes. */
export const remove = async (name: string): Promise<{ values: number; shards: number; freeBytes: number }> => {
  const medium = idbMedium();
  await new Store(medium).remove(name);
  const [values, shards] = [await medium.keys("values"), await medium.keys("shards")];
  return { values: values.length, shards: shards.length, freeBytes: await medium.freeBytes() };
};
