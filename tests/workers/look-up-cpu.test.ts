import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { serveFiles, type StaticServer } from "../../src/cli/static-server.ts";
import { ConfigError, IntegrityError } from "../../src/errors.ts";
import { modelFiles, recordedEmbeddingsPath } from "../../src/experiment/lab-networks.ts";
import { modelManifestName, modelManifestText } from "../../src/experiment/model-manifest.ts";
import { readRecordedEmbeddings, writeRecordedEmbeddings } from "../../src/experiment/recorded-embeddings.ts";
import { loadTextTower } from "../../src/experiment/text-tower.ts";
import { dot } from "../../src/retrieval/filters.ts";
import { sha256 } from "../../src/storage/hash.ts";
import { memoryMedium } from "../../src/storage/medium.ts";
import { Store } from "../../src/storage/store.ts";
import { Lab } from "../../workers/lab.ts";
import type { LiveProgress, LookUpRequest } from "../../workers/redraw-api.ts";
import { tinyModelFiles, tinyWidth, tinyWorldFiles, writeFiles, type Files } from "../experiment/tiny-files.ts";
import { tinyWorld } from "../experiment/tiny-world.ts";

let folder: string;
let server: StaticServer;
let models: Files;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-look-up-"));
  models = await tinyModelFiles();
  await writeFiles(join(folder, "world"), await tinyWorldFiles());
  await writeFiles(join(folder, "models"), models);
  const folders = {
    "/world/mini-16/": join(folder, "world"),
    "/models/mini-16/": join(folder, "models"),
    "/stale/world/mini-16/": join(folder, "world"),
    "/stale/models/mini-16/": join(folder, "stale"),
  };
  server = await serveFiles({ texts: new Map(), folders }, 0);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** A lab of a browser without WebGPU: a device that is opened, or asked for twice, is a failure. */
const labWithoutDevice = (store = new Store(memoryMedium())): Lab => {
  let checks = 0;
  return new Lab({
    checkDevice: () =>
      ++checks > 1 ? Promise.reject(new Error("asked again")) : Promise.resolve({ kind: "none", reason: "test" }),
    openBackend: () => Promise.reject(new Error("a device was opened")),
    store,
    runs: memoryMedium(),
  });
};

const asking = (more: Partial<LookUpRequest> = {}): LookUpRequest => ({
  ...{ files: server.url, resolution: 16, query: "a photo of a red thing", k: 12, duplicates: 1 },
  ...more,
});

const pool = tinyWorld().pool;
const expectedEmbeddings = async () => ({
  world: (JSON.parse(new TextDecoder().decode((await tinyWorldFiles()).get("world.json"))) as { hash: string }).hash,
  clip: await sha256(models.get(modelFiles.clip)!),
  ...{ rows: pool.entries.length, width: tinyWidth },
});

/** Every picture's cosine with a text, the largest first. */
const ranked = async (query: string): Promise<{ id: string; similarity: number }[]> => {
  const rows = await readRecordedEmbeddings(models.get(recordedEmbeddingsPath)!, await expectedEmbeddings());
  const tower = await loadTextTower(new ReferenceBackend(), (path) => Promise.resolve(models.get(path)!));
  const vector = await tower.embedTexts([query]);
  return pool.entries
    .map(({ id }, i) => {
      const row = rows.subarray(i * tinyWidth, (i + 1) * tinyWidth);
      return { id, similarity: dot(vector, row) / Math.sqrt(dot(row, row)) };
    })
    .sort((a, b) => b.similarity - a.similarity);
};

test("a look-up without a device gives what a search by hand over the recorded embeddings gives", async () => {
  const lab = labWithoutDevice();
  const told: LiveProgress[] = [];
  const found = await lab.lookUp(asking(), (progress) => told.push(progress));
  const expected = (await ranked(asking().query)).slice(0, 12);
  expect(found!.ids).toEqual(expected.map(({ id }) => id));
  // Rows of the index are rounded to f32 once more.
  found!.similarities.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!.similarity, 6));
  expect(found).toMatchObject({ computedOn: "cpu", width: 16, height: 16, asked: 17, duplicates: 0 });
  const size = 16 * 16 * 3;
  const first = pool.entries.findIndex(({ id }) => id === found!.ids[0]);
  expect(found!.images.slice(0, size)).toEqual(pool.pixels.slice(first * size, (first + 1) * size));
  expect(found!.captions[0]).toBe(pool.entries[first]!.caption);
  // Nothing is embedded, and neither the dataset nor the weights of VAE and U-Net are downloaded.
  expect(told.map((progress) => progress.kind === "download" && progress.path).sort()).toEqual(
    [
      ...["pool.jsonl", "pool.rgb"],
      modelFiles.clip,
      modelFiles.clipConfig,
      modelFiles.merges,
      recordedEmbeddingsPath,
    ].sort(),
  );
});

test("what was downloaded is kept, and the device is asked for once", async () => {
  const store = new Store(memoryMedium());
  await labWithoutDevice(store).lookUp(asking());
  const lab = labWithoutDevice(store);
  const told: LiveProgress[] = [];
  for (const query of ["red thing", "blue thing"]) {
    const found = await lab.lookUp(asking({ query }), (progress) => told.push(progress));
    expect(found!.ids[0]).toBe((await ranked(query))[0]!.id);
  }
  expect(told).toEqual([]);
});

test("a part of the pool is searched with its own rows, and duplicates are left out", async () => {
  const lab = labWithoutDevice();
  const part = await lab.lookUp(asking({ pool: 8, k: 8 }));
  const chosen = Array.from({ length: 8 }, (_, i) => pool.entries[Math.floor((i * pool.entries.length) / 8)]!.id);
  const expected = (await ranked(asking().query)).filter(({ id }) => chosen.includes(id));
  expect(part!.ids).toEqual(expected.map(({ id }) => id));
  // At a threshold below every cosine all that were asked for are one group.
  const alike = await lab.lookUp(asking({ k: 5, duplicates: -1 }));
  expect(alike!.ids).toEqual([(await ranked(asking().query))[0]!.id]);
  await expect(lab.lookUp(asking({ k: 0 }))).rejects.toThrow(ConfigError);
});

test("embeddings by another CLIP are refused by name", async () => {
  const { world } = await expectedEmbeddings();
  const rows = new Float32Array(pool.entries.length * tinyWidth).fill(0.25);
  const stale = new Map(models);
  stale.set(recordedEmbeddingsPath, writeRecordedEmbeddings(rows, tinyWidth, { world, clip: "0".repeat(64) }));
  const manifest = await modelManifestText((path) => Promise.resolve(stale.get(path)!), true);
  stale.set(modelManifestName, new TextEncoder().encode(manifest));
  await writeFiles(join(folder, "stale"), stale);
  const looking = labWithoutDevice().lookUp(asking({ files: `${server.url}stale/` }));
  await expect(looking).rejects.toThrow(IntegrityError);
  await expect(looking).rejects.toThrow(/clip\/pool\.safetensors: clip: expected sha256 \w{64}, got 0{64}/);
});

test("a look-up that is cancelled in its downloads gives nothing, and another one can follow", async () => {
  const lab = labWithoutDevice();
  const cancelled = await lab.lookUp(asking(), () => void lab.cancel());
  expect(cancelled).toBeNull();
  expect((await lab.lookUp(asking()))!.ids).toHaveLength(12);
});
