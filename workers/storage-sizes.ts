/** How many bytes each thing takes that a browser keeps for the lab. */
import { FormatError, IntegrityError, MissingError } from "../src/errors.ts";
import { modelManifestName } from "../src/experiment/model-manifest.ts";
import { fileOfLink, type FileHashes } from "../src/storage/kept-files.ts";
import type { Medium } from "../src/storage/medium.ts";
import type { Store } from "../src/storage/store.ts";
import { embeddingsKey } from "./kept-embeddings.ts";
import type { KeptSize } from "./lab-api.ts";

/**
 * The sizes of everything that is kept, the largest first. Each byte is counted once: bytes that two values share, with the one whose
 * name comes first.
 *
 * Nothing large is read. Not counted are the store's own notes, some hundred bytes a file.
 *
 * @param store of worlds and networks
 * @param runs of runs and imported targets
 */
export async function storageSizes(store: Store, runs: Medium): Promise<KeptSize[]> {
  const sizes = [
    ...(await valueSizes(store)),
    ...(await folderSizes(runs, "runs", "run")),
    ...(await folderSizes(runs, "targets", "target")),
  ];
  return sizes.sort((a, b) => b.sizeBytes - a.sizeBytes || (a.name < b.name ? -1 : 1));
}

/** What a value is. */
type Named = Pick<KeptSize, "kind" | "name">;

/** Digits of a hash that tell it from others for people. */
const shortDigits = 8;

async function valueSizes(store: Store): Promise<KeptSize[]> {
  const named = await namesOfValues(store);
  const left = new Set(await store.medium.keys("shards"));
  const sizes: KeptSize[] = [];
  for (const value of (await store.names()).sort()) {
    const own = (await shardsOf(store, value)).filter((key) => left.delete(key));
    const what: Named = named.get(value) ?? { kind: "other", name: value.slice(0, shortDigits) };
    sizes.push({ ...what, files: 1, sizeBytes: await sizeOf(store.medium, own) });
  }
  // What a write that was cut off has left.
  for (const key of left)
    sizes.push({
      ...{ kind: "other", name: key.slice("shards/".length).slice(0, shortDigits), files: 1 },
      sizeBytes: await sizeOf(store.medium, [key]),
    });
  return sizes;
}

/** None where the value's record is damaged; a check of the storage says so. */
async function shardsOf(store: Store, value: string): Promise<string[]> {
  const record = await orDamaged(store.record(value));
  return (record?.shards ?? []).map(({ name }) => `shards/${name}`);
}

/** Undefined where it is damaged, or went while it was looked for. */
async function orDamaged<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    const isKnown = error instanceof IntegrityError || error instanceof FormatError || error instanceof MissingError;
    if (!isKnown) throw error;
    return undefined;
  }
}

/** Values by their names, as far as the lists that came with the files, and the keys that stand for values, tell. */
async function namesOfValues(store: Store): Promise<Map<string, Named>> {
  const links = await store.links();
  const byHash = new Map<string, Named>();
  const named = new Map<string, Named>();
  for (const { key, name } of links) {
    const file = fileOfLink(key);
    if (!file || !("address" in file)) continue;
    named.set(name, listed(file.address, file.address.split("/").at(-1) ?? ""));
    for (const [path, { sha256 }] of Object.entries(await filesOfList(store, name)))
      byHash.set(sha256, listed(file.address, path));
  }
  for (const { key, name } of links) {
    const file = fileOfLink(key);
    const known = file && "sha256" in file ? byHash.get(file.sha256) : undefined;
    if (known) named.set(name, known);
    if (key.startsWith(embeddingsKey)) named.set(name, { kind: "embeddings", name: name.slice(0, shortDigits) });
  }
  return named;
}

/** A file by the address of the list that it stands on: `…/world/mini/world.json` and `pool.rgb` are `mini/pool.rgb`. */
function listed(address: string, path: string): Named {
  const [list = "", folder = ""] = address.split("/").reverse();
  return { kind: list === modelManifestName ? "networks" : "world", name: `${folder}/${path}` };
}

/** What a kept list of a world or of networks says of its files; nothing where it cannot be read. */
async function filesOfList(store: Store, name: string): Promise<FileHashes> {
  const bytes = await orDamaged(store.get(name));
  if (!bytes) return {};
  try {
    const { files } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly files?: FileHashes };
    return files ?? {};
  } catch {
    // Whoever reads it for a run says what is wrong with it.
    return {};
  }
}

/** What lies in each folder of a folder. */
async function folderSizes(medium: Medium, parent: string, kind: KeptSize["kind"]): Promise<KeptSize[]> {
  const keys = new Map<string, string[]>();
  for (const key of await medium.keys(parent)) {
    const name = key.split("/")[1]!;
    const own = keys.get(name);
    if (own) own.push(key);
    else keys.set(name, [key]);
  }
  const sizes = [...keys].map(async ([name, own]): Promise<KeptSize> => {
    return { kind, name, files: own.length, sizeBytes: await sizeOf(medium, own) };
  });
  return Promise.all(sizes);
}

async function sizeOf(medium: Medium, keys: readonly string[]): Promise<number> {
  const sizes = await Promise.all(keys.map((key) => medium.size(key)));
  return sizes.reduce((sum: number, size) => sum + (size ?? 0), 0);
}
