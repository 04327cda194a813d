import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { serveFiles, type StaticServer } from "../../src/cli/static-server.ts";
import { MissingError, QuotaError } from "../../src/errors.ts";
import { modelFiles, recordedEmbeddingsPath } from "../../src/experiment/lab-networks.ts";
import { memoryMedium } from "../../src/storage/medium.ts";
import { Store } from "../../src/storage/store.ts";
import { LabDownloads, type DownloadOptions } from "../../workers/lab-downloads.ts";
import { checkDownloads, clearStore } from "../../workers/storage-check.ts";
import { tinyModelFiles, tinyWorldFiles, writeFiles } from "../experiment/tiny-files.ts";

let folder: string;
let server: StaticServer;
let sizes: number;
let asked: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-downloads-"));
  const [world, models] = [await tinyWorldFiles(), await tinyModelFiles()];
  await writeFiles(join(folder, "world"), world);
  await writeFiles(join(folder, "models"), models);
  // A run does not read the pool's recorded embeddings.
  const isListed = (path: string): boolean => !["world.json", "manifest.json", recordedEmbeddingsPath].includes(path);
  sizes = [...world, ...models].reduce((sum, [path, { length }]) => sum + (isListed(path) ? length : 0), 0);
  const folders = { "/world/": join(folder, "world"), "/models/": join(folder, "models") };
  server = await serveFiles({ texts: new Map(), folders }, 0);
});
beforeEach(() => (asked = []));
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const options = (more: Partial<DownloadOptions> = {}): DownloadOptions => ({
  ...{ world: `${server.url}world/`, models: `${server.url}models/`, inMemory: false },
  signal: new AbortController().signal,
  onDownload: (path) => asked.push(path),
  ...more,
});

const readAll = async (downloads: LabDownloads, more: Partial<DownloadOptions> = {}): Promise<void> => {
  const inputs = await downloads.open(options(more));
  expect((await inputs.world()).dataset.classes).toHaveLength(4);
  expect((await inputs.networks(new ReferenceBackend())).embeddingWidth).toBe(16);
};

/** Room for the lists of files and a little more. */
const smallMedium = () => memoryMedium(20_000);

test("a browser without room is told the numbers before anything is downloaded", async () => {
  const medium = smallMedium();
  const error: unknown = await new LabDownloads(new Store(medium)).open(options()).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(QuotaError);
  expect(error).toMatchObject({ where: "downloads", neededBytes: sizes, freeBytes: await medium.freeBytes() });
  expect(asked).toEqual([]);
});

test("what does not fit is kept in memory where that is asked for, and downloaded once", async () => {
  const medium = smallMedium();
  const downloads = new LabDownloads(new Store(medium));
  await readAll(downloads, { inMemory: true });
  expect(asked).toHaveLength(12);
  expect([...(await medium.keys("values")), ...(await medium.keys("shards"))]).toEqual([]);
  await readAll(downloads, { inMemory: true });
  expect(asked).toHaveLength(12);
  downloads.forget();
  await readAll(downloads, { inMemory: true });
  expect(asked).toHaveLength(24);
});

test("what is on the disk needs no room, and is not downloaded into memory either", async () => {
  const medium = memoryMedium(sizes + 60_000);
  await readAll(new LabDownloads(new Store(medium)));
  expect(await medium.freeBytes()).toBeLessThan(sizes);
  asked = [];
  await readAll(new LabDownloads(new Store(medium)));
  await readAll(new LabDownloads(new Store(medium)), { inMemory: true });
  expect(asked).toEqual([]);
});

test("a stopped run downloads nothing more, and ends with its signal's reason", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const inputs = await new LabDownloads(new Store(memoryMedium())).open(options({ signal }));
  const reading = inputs.world();
  controller.abort();
  await expect(reading).rejects.toBe(signal.reason);
});

test("a check finds damaged downloads although they were read before, and lets go of them", async () => {
  const medium = memoryMedium();
  const downloads = new LabDownloads(new Store(medium));
  await readAll(downloads);
  const { checked, damaged } = await checkDownloads(medium);
  expect([checked, damaged]).toEqual([14, []]);
  const [shard] = await medium.keys("shards");
  await medium.write(shard!, Uint8Array.of(1, 2, 3));
  const after = await checkDownloads(medium);
  expect(after.damaged).toEqual([`download ${shard!.slice("shards/".length)}`]);
  expect((await checkDownloads(medium)).checked).toBe(13);
  asked = [];
  await readAll(downloads);
  expect((await checkDownloads(medium)).damaged).toEqual([]);
});

test("forgotten downloads leave nothing and are downloaded again", async () => {
  const medium = memoryMedium();
  const downloads = new LabDownloads(new Store(medium));
  await readAll(downloads);
  await clearStore(medium);
  expect(await medium.freeBytes()).toBe(Infinity);
  for (const name of ["links", "values", "shards"]) expect(await medium.keys(name)).toEqual([]);
  asked = [];
  await readAll(downloads);
  expect(asked).toHaveLength(12);
});

describe("without a device", () => {
  const lookUpFiles = ["pool.jsonl", "pool.rgb", ...[modelFiles.clip, modelFiles.clipConfig, modelFiles.merges]];

  test("room is asked for the pool, CLIP and the embeddings, and nothing else is downloaded", async () => {
    const { readModel, pool, worldHash } = await new LabDownloads(new Store(memoryMedium())).openRecorded(options());
    expect((await pool()).hash).toBe(worldHash);
    for (const path of [modelFiles.merges, modelFiles.clipConfig, modelFiles.clip, recordedEmbeddingsPath])
      expect((await readModel(path)).length).toBeGreaterThan(0);
    expect([...asked].sort()).toEqual([...lookUpFiles, recordedEmbeddingsPath].sort());
    const small = new LabDownloads(new Store(smallMedium()));
    const error: unknown = await small.openRecorded(options()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(QuotaError);
    expect((error as QuotaError).neededBytes).toBeLessThan(sizes);
  });

  test("networks without recorded embeddings say which file is missing", async () => {
    const bare = await serveFiles(
      {
        texts: new Map([["/models/manifest.json", JSON.stringify({ format: "model-files/1", files: {} })]]),
        folders: { "/world/": join(folder, "world") },
      },
      0,
    );
    const asked = options({ world: `${bare.url}world/`, models: `${bare.url}models/` });
    const opened = new LabDownloads(new Store(memoryMedium())).openRecorded(asked);
    await expect(opened).rejects.toThrow(MissingError);
    await expect(opened).rejects.toThrow(/clip\/pool\.safetensors is missing \(`rog index` makes it\)/);
    await bare.close();
  });
});

test("what decides the networks does not change with the pool's embeddings", async () => {
  const { networksKey } = await new LabDownloads(new Store(memoryMedium())).open(options());
  expect(networksKey).toContain(modelFiles.clip);
  expect(networksKey).not.toContain(recordedEmbeddingsPath);
});
