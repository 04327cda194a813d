import { describe, expect, test } from "vitest";
import { totalsOf } from "../../src/app/beside/storage/totals.ts";
import { sha256 } from "../../src/storage/hash.ts";
import { keptFiles } from "../../src/storage/kept-files.ts";
import { memoryMedium, type Medium } from "../../src/storage/medium.ts";
import { Store } from "../../src/storage/store.ts";
import { storageSizes } from "../../workers/storage-sizes.ts";

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const bytesOf = (length: number, first: number): Uint8Array => Uint8Array.from({ length }, (_, i) => first + (i % 7));

const files = {
  "pool.rgb": bytesOf(3000, 1),
  "target.rgb": bytesOf(250, 20),
  "unet/model.safetensors": bytesOf(900, 40),
};
const listOf = async (...paths: (keyof typeof files)[]) => ({
  files: Object.fromEntries(
    await Promise.all(
      paths.map(async (path) => [path, { bytes: files[path].length, sha256: await sha256(files[path]) }] as const),
    ),
  ),
});
const world = await listOf("pool.rgb", "target.rgb");
const networks = await listOf("unet/model.safetensors");

/** A store as a run's downloads leave it: files by hash, the lists by address. */
async function downloaded(shardBytes = 1000): Promise<Store> {
  const store = new Store(memoryMedium(), shardBytes);
  for (const [where, list, name] of [
    ["https://host/page/world/mini/", world, "world.json"],
    ["https://host/page/models/mini/", networks, "manifest.json"],
  ] as const) {
    await store.link(`file at ${where}${name}`, (await store.put(text(list))).name);
    const download = (path: string): Promise<Uint8Array> => Promise.resolve(files[path as keyof typeof files]);
    const read = keptFiles({ store, files: list.files, download, where });
    for (const path of Object.keys(list.files)) await read(path);
  }
  return store;
}

const nothing = memoryMedium();

async function heldIn(medium: Medium, ...folders: string[]): Promise<number> {
  const keys = (await Promise.all(folders.map((folder) => medium.keys(folder)))).flat();
  const sizes = await Promise.all(keys.map((key) => medium.size(key)));
  return sizes.reduce((sum: number, size) => sum + size!, 0);
}

describe("sizes of what is kept", () => {
  test("name each downloaded file by the list that it stands on, the largest first", async () => {
    const sizes = await storageSizes(await downloaded(), nothing);
    expect(sizes.map(({ kind, name, sizeBytes }) => [kind, name, sizeBytes])).toEqual([
      // In three shards: it has another name in the store than its hash.
      ["world", "mini/pool.rgb", 3000],
      ["networks", "mini/unet/model.safetensors", 900],
      ["world", "mini/target.rgb", 250],
      ["world", "mini/world.json", text(world).length],
      ["networks", "mini/manifest.json", text(networks).length],
    ]);
  });

  test("of runs and own pictures are over all files of their folders", async () => {
    const runs = memoryMedium();
    for (const [key, length] of [
      ["runs/a/run.json", 10],
      ["runs/a/produce/retrieval/red.bin", 500],
      ["runs/b/run.json", 20],
      ["targets/0123/target.rgb", 70],
    ] as const)
      await runs.write(key, bytesOf(length, 0));
    expect(await storageSizes(new Store(memoryMedium()), runs)).toEqual([
      { kind: "run", name: "a", files: 2, sizeBytes: 510 },
      { kind: "target", name: "0123", files: 1, sizeBytes: 70 },
      { kind: "run", name: "b", files: 1, sizeBytes: 20 },
    ]);
  });

  test("count each byte once: shards of two values, of none, and of a value whose record is damaged", async () => {
    const store = await downloaded(10);
    const embeddings = await store.put(bytesOf(40, 5));
    await store.link("pool embeddings [1]", embeddings.name);
    await store.put([...bytesOf(10, 200), ...bytesOf(10, 5)].map((byte) => Uint8Array.of(byte)));
    await store.medium.write("shards/0123456789abcdef", bytesOf(33, 0));
    const [record] = await store.medium.keys("values");
    await store.medium.write(record!, text("not a record").slice(1));
    const sizes = await storageSizes(store, nothing);
    expect(sizes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(await heldIn(store.medium, "shards"));
    expect(sizes).toContainEqual({ kind: "other", name: "01234567", files: 1, sizeBytes: 33 });
    expect(sizes.find(({ kind }) => kind === "embeddings")?.name).toBe(embeddings.name.slice(0, 8));
  });

  test("are told where lists and links cannot be read", async () => {
    const store = await downloaded();
    const [link] = await store.medium.keys("links");
    await store.medium.write(link!, Uint8Array.of(1, 2));
    const list = (await store.find("file at https://host/page/models/mini/manifest.json")) ?? "";
    await store.medium.write(`shards/${list}`, Uint8Array.of(1));
    const sizes = await storageSizes(new Store(store.medium, 1000), nothing);
    expect(sizes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(await heldIn(store.medium, "shards"));
  });

  test("of nothing are none", async () => {
    expect(await storageSizes(new Store(memoryMedium()), nothing)).toEqual([]);
  });
});

test("totals are of those groups that have anything, and of all", () => {
  const size = (kind: "world" | "networks" | "other" | "run" | "target", sizeBytes: number) => ({
    ...{ kind, name: String(sizeBytes), files: 2, sizeBytes },
  });
  expect(
    totalsOf([size("world", 100), size("run", 50), size("networks", 30), size("other", 1), size("run", 7)]),
  ).toEqual([
    { group: "downloads", total: { files: 6, sizeBytes: 131 } },
    { group: "runs", total: { files: 4, sizeBytes: 57 } },
    { group: "all", total: { files: 10, sizeBytes: 188 } },
  ]);
  expect(totalsOf([size("target", 9)]).map(({ group }) => group)).toEqual(["targets", "all"]);
  expect(totalsOf([])).toEqual([{ group: "all", total: { files: 0, sizeBytes: 0 } }]);
});
