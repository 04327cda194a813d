import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { IntegrityError, MissingError, QuotaError } from "../../src/errors.ts";
import { RandomStream } from "../../src/random.ts";
import { filesMedium, openFile, writeFileAtomic } from "../../src/storage/files.ts";
import { sha256, sha256Text } from "../../src/storage/hash.ts";
import { memoryMedium, type Medium } from "../../src/storage/medium.ts";
import { Store } from "../../src/storage/store.ts";
import { openSafetensors } from "../../src/weights/safetensors.ts";
import { writeSafetensors } from "../../src/weights/safetensors-writer.ts";

const root = await mkdtemp(join(tmpdir(), "store-"));
afterAll(() => rm(root, { recursive: true }));
let directories = 0;
const media: [string, () => Medium][] = [
  ["memory", () => memoryMedium()],
  ["files", () => filesMedium(join(root, `store ${String(directories++)}`))],
];

const bytesOf = (n: number, seed = 0): Uint8Array => {
  const stream = new RandomStream(seed, "bytes");
  return Uint8Array.from({ length: n }, () => stream.integer(256));
};
const nodeHash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("sha256 is that of Node's crypto", async () => {
  expect(await sha256Text("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const bytes = bytesOf(1000);
  expect(await sha256(bytes.subarray(3))).toBe(nodeHash(bytes.subarray(3)));
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  expect(await sha256(shared)).toBe(nodeHash(new Uint8Array(4)));
});

describe.each(media)("a store in %s", (_, medium) => {
  test("gives back what was put, by its hash", async () => {
    const store = new Store(medium());
    const bytes = bytesOf(1000);
    const { name, sizeBytes } = await store.put(bytes);
    expect([name, sizeBytes]).toEqual([nodeHash(bytes), 1000]);
    expect(new Uint8Array(await store.get(name))).toEqual(bytes);
    expect(await store.names()).toEqual([name]);
    const empty = await store.put(new Uint8Array(0));
    expect(await store.get(empty.name)).toHaveLength(0);
  });

  test("keeps a large value in shards, equal however it was cut, and reads across them", async () => {
    const store = new Store(medium(), 100);
    const bytes = bytesOf(450);
    const { name, shards } = await store.put(bytes);
    expect(shards.map((shard) => shard.sizeBytes)).toEqual([100, 100, 100, 100, 50]);
    const cut = await store.put([bytes.subarray(0, 1), bytes.subarray(1, 250), bytes.subarray(250)]);
    expect(cut.name).toBe(name);
    expect(await store.get(name)).toEqual(bytes);
    const source = await store.open(name);
    expect(await source.read(95, 210)).toEqual(bytes.subarray(95, 305));
    expect(await source.read(440, 100)).toEqual(bytes.subarray(440));
    expect(await source.read(450, 1)).toHaveLength(0);
  });

  test("opens a checkpoint that lies in several shards", async () => {
    const store = new Store(medium(), 64);
    const bytes = bytesOf(64);
    const file = writeSafetensors(new Map([["w", { dtype: "U8", shape: [8, 8], bytes }]]));
    const opened = await openSafetensors(await store.open((await store.put(file)).name));
    expect(await opened.read("w")).toEqual(bytes);
  });

  test("has nothing under a name that was not put", async () => {
    const store = new Store(medium());
    const name = await sha256Text("nothing");
    expect(await store.has(name)).toBe(false);
    await expect(store.get(name)).rejects.toThrow(MissingError);
    await expect(store.link("key", name)).rejects.toThrow(MissingError);
    await store.remove(name);
  });

  test("links a key to a value, and forgets the link with the value", async () => {
    const store = new Store(medium());
    const key = "stage: train/../ü {seed: 3}";
    const [a, b] = [await store.put(bytesOf(5, 1)), await store.put(bytesOf(5, 2))];
    expect(await store.find(key)).toBeUndefined();
    await store.link(key, a.name);
    expect(await store.find(key)).toBe(a.name);
    await store.link(key, b.name);
    expect(await store.find(key)).toBe(b.name);
    await store.remove(b.name);
    expect(await store.find(key)).toBeUndefined();
  });

  test("tells every link, those to values that are gone included, and leaves damaged ones out", async () => {
    const store = new Store(medium());
    const [a, b] = [await store.put(bytesOf(5, 1)), await store.put(bytesOf(5, 2))];
    await store.link("one", a.name);
    await store.link("two", b.name);
    await store.remove(b.name);
    await store.medium.write("links/damaged", bytesOf(5));
    const links = await store.links();
    expect(links.sort((x, y) => (x.key < y.key ? -1 : 1))).toEqual([
      { key: "one", name: a.name },
      { key: "two", name: b.name },
    ]);
  });

  test("lies in a medium that knows the size of each key", async () => {
    const inner = medium();
    await inner.write("shards/a", bytesOf(123));
    await inner.write("shards/none", bytesOf(0));
    expect(await Promise.all(["shards/a", "shards/none", "shards/b"].map((key) => inner.size(key)))).toEqual([
      ...[123, 0, undefined],
    ]);
  });

  test("removing a value keeps the shards that another value shares", async () => {
    const store = new Store(medium(), 10);
    const [first, second, third] = [bytesOf(10, 1), bytesOf(10, 2), bytesOf(10, 3)];
    const a = await store.put([first, second]);
    const b = await store.put([second, third]);
    await store.remove(a.name);
    expect(await store.get(b.name)).toEqual(Uint8Array.from([...second, ...third]));
    expect(await store.medium.keys("shards")).toHaveLength(2);
  });

  test("a put that fails at any write leaves no value, and can be done again", async () => {
    const bytes = bytesOf(40);
    for (let allowed = 0; allowed <= 4; allowed++) {
      const inner = medium();
      let writes = 0;
      const failing: Medium = {
        ...inner,
        write: (key, value) => (writes++ < allowed ? inner.write(key, value) : Promise.reject(new Error("power cut"))),
      };
      await expect(new Store(failing, 10).put(bytes)).rejects.toThrow("power cut");
      const store = new Store(inner, 10);
      expect(await store.names()).toEqual([]);
      expect(await inner.keys("shards")).toHaveLength(allowed);
      const { name } = await store.put(bytes);
      expect(await store.get(name)).toEqual(bytes);
    }
  });

  test("sweeping removes the shards of no value", async () => {
    const inner = medium();
    const store = new Store(inner, 10);
    const { name } = await store.put(bytesOf(15, 1));
    await inner.write("shards/orphan", bytesOf(3));
    await store.sweep();
    expect(await inner.keys("shards")).toHaveLength(2);
    expect(await store.get(name)).toHaveLength(15);
  });

  test("a damaged value is refused, is gone, and can be put again", async () => {
    const inner = medium();
    const bytes = bytesOf(25);
    const { name, shards } = await new Store(inner, 10).put(bytes);
    const damaged = bytes.slice(10, 20);
    damaged[4]! ^= 1;
    await inner.write(`shards/${shards[1]!.name}`, damaged);
    const store = new Store(inner, 10);
    await expect(store.get(name)).rejects.toThrow(IntegrityError);
    expect(await store.has(name)).toBe(false);
    await store.put(bytes);
    expect(await store.get(name)).toEqual(bytes);
  });

  test("a commit record of another value is refused", async () => {
    const inner = medium();
    const store = new Store(inner);
    const [a, b] = [await store.put(bytesOf(5, 1)), await store.put(bytesOf(5, 2))];
    await inner.write(`values/${a.name}`, (await inner.read(`values/${b.name}`))!);
    await expect(store.get(a.name)).rejects.toThrow(IntegrityError);
    expect(await store.has(a.name)).toBe(false);
  });

  test("values put at the same time all arrive", async () => {
    const store = new Store(medium(), 10);
    const values = Array.from({ length: 8 }, (_, i) => bytesOf(35, i % 4));
    const records = await Promise.all(values.map((value) => store.put(value)));
    for (const [i, { name }] of records.entries()) expect(await store.get(name)).toEqual(values[i]);
    expect(await store.names()).toHaveLength(4);
  });
});

describe("room", () => {
  test("a put that does not fit throws QuotaError and keeps what was there", async () => {
    const store = new Store(memoryMedium(1000));
    const { name } = await store.put(bytesOf(400));
    await expect(store.put(bytesOf(2000, 1))).rejects.toThrow(QuotaError);
    await expect(store.requireFree(700)).rejects.toThrow("store: needs 700 bytes");
    await store.requireFree(100);
    expect(await store.get(name)).toHaveLength(400);
  });

  test("a disk has some bytes free", async () => {
    expect(await filesMedium(join(root, "free")).freeBytes()).toBeGreaterThan(0);
  });
});

describe("files", () => {
  test("a write that fails half way leaves the old file and no temporary one", async () => {
    const directory = join(root, "atomic");
    const path = join(directory, "deep", "value");
    await writeFileAtomic(path, [Uint8Array.of(1, 2)]);
    const failing = function* (): Generator<Uint8Array> {
      yield Uint8Array.of(9);
      throw new Error("cut off");
    };
    await expect(writeFileAtomic(path, failing())).rejects.toThrow("cut off");
    expect(Array.from(await readFile(path))).toEqual([1, 2]);
    expect(await readdir(join(directory, "deep"))).toEqual(["value"]);
  });

  test("a temporary file of a killed process is not a key", async () => {
    const directory = join(root, "killed");
    const medium = filesMedium(directory);
    await medium.write("values/a", Uint8Array.of(1));
    await writeFile(join(directory, "values", ".b.123-0.tmp"), "half");
    expect(await medium.keys("values")).toEqual(["values/a"]);
  });

  test("parts of a file are read, and a file that is not there is MissingError", async () => {
    const path = join(root, "part");
    await writeFile(path, bytesOf(100));
    const file = await openFile(path);
    expect([file.name, file.size]).toEqual(["part", 100]);
    expect(await file.read(90, 20)).toEqual(bytesOf(100).subarray(90));
    await file.close();
    await expect(openFile(join(root, "absent"))).rejects.toThrow(MissingError);
  });
});
