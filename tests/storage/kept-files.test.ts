import { describe, expect, test, vi } from "vitest";
import { FormatError, IntegrityError, MissingError, QuotaError } from "../../src/errors.ts";
import { sha256 } from "../../src/storage/hash.ts";
import { downloads, keptFiles } from "../../src/storage/kept-files.ts";
import { memoryMedium, type Medium } from "../../src/storage/medium.ts";
import { Store } from "../../src/storage/store.ts";

const content = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);
const files = { "a.bin": { bytes: content.length, sha256: await sha256(content) } };

/** A visit: a new store over what earlier visits have kept. */
const visit = (medium: Medium, served: Uint8Array = content, shardBytes = 2000) => {
  const asked: string[] = [];
  const download = (path: string): Promise<Uint8Array> => {
    asked.push(path);
    return Promise.resolve(served);
  };
  return { asked, read: keptFiles({ store: new Store(medium, shardBytes), files, download, where: "models" }) };
};

describe.each([
  ["one shard", 2000],
  ["several shards", 300],
])("a file of %s", (_, shardBytes) => {
  test("is downloaded at the first visit only", async () => {
    const medium = memoryMedium();
    const first = visit(medium, content, shardBytes);
    expect(await first.read("a.bin")).toEqual(content);
    expect(first.asked).toEqual(["a.bin"]);
    const second = visit(medium, content, shardBytes);
    expect(await second.read("a.bin")).toEqual(content);
    expect(second.asked).toEqual([]);
  });

  test("is downloaded again when what was kept is damaged", async () => {
    const medium = memoryMedium();
    await visit(medium, content, shardBytes).read("a.bin");
    const [shard] = await medium.keys("shards");
    await medium.write(shard!, Uint8Array.of(1, 2, 3));
    const second = visit(medium, content, shardBytes);
    expect(await second.read("a.bin")).toEqual(content);
    expect(second.asked).toEqual(["a.bin"]);
    const third = visit(medium, content, shardBytes);
    expect(await third.read("a.bin")).toEqual(content);
    expect(third.asked).toEqual([]);
  });
});

test("a file without a hash is not loaded", async () => {
  const { read, asked } = visit(memoryMedium());
  await expect(read("b.bin")).rejects.toThrow(MissingError);
  await expect(read("toString")).rejects.toThrow(MissingError);
  expect(asked).toEqual([]);
});

test("a download with another hash or size is refused and not kept", async () => {
  const medium = memoryMedium();
  await expect(visit(medium, content.slice().fill(1)).read("a.bin")).rejects.toThrow(IntegrityError);
  await expect(visit(medium, content.slice(1)).read("a.bin")).rejects.toThrow(FormatError);
  expect(await medium.keys("values")).toEqual([]);
});

test("room is looked for before the download", async () => {
  const { read, asked } = visit(memoryMedium(500));
  await expect(read("a.bin")).rejects.toThrow(QuotaError);
  expect(asked).toEqual([]);
});

test("a server that does not answer is told from one that has no such file", async () => {
  const read = downloads("http://h.example/models/");
  const answers = [
    Promise.reject(new TypeError("Failed to fetch")),
    Promise.resolve(new Response("", { status: 404 })),
  ];
  vi.stubGlobal("fetch", () => answers.shift());
  await expect(read("a.bin")).rejects.toThrow("a.bin is missing (no answer over the network: Failed to fetch)");
  await expect(read("a.bin")).rejects.toThrow("a.bin is missing (the server answers 404)");
  vi.unstubAllGlobals();
});
