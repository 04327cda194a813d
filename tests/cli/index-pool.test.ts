import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { foldersOf, indexPool } from "../../src/cli/index-pool.ts";
import { openWorld } from "../../src/cli/open-lab.ts";
import { imageAt } from "../../src/data/image.ts";
import { ConfigError } from "../../src/errors.ts";
import { loadLabModels } from "../../src/experiment/lab-models.ts";
import { modelFiles, recordedEmbeddingsPath } from "../../src/experiment/lab-networks.ts";
import { modelManifestName, networkFiles, parseModelManifest } from "../../src/experiment/model-manifest.ts";
import { readRecordedEmbeddings } from "../../src/experiment/recorded-embeddings.ts";
import { roundToF16 } from "../../src/half.ts";
import { sha256 } from "../../src/storage/hash.ts";
import { randomModels, tinyConfigs } from "../experiment/tiny-models.ts";
import { tinyWorldFiles, writeFiles } from "../experiment/tiny-files.ts";

let folder: string;
let folders: { world: string; models: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-index-"));
  folders = { world: join(folder, "world"), models: join(folder, "models") };
  await writeFiles(folders.world, await tinyWorldFiles());
  await writeFiles(folders.models, await randomModels(tinyConfigs));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the file holds the pool's embeddings by the networks beside it, and the manifest lists it for whoever asks", async () => {
  const backend = new ReferenceBackend();
  const readModel = (path: string): Promise<Uint8Array> => readFile(join(folders.models, path));
  const before = await loadLabModels(backend, readModel);
  const progress: number[] = [];
  const watch = { signal: new AbortController().signal, onProgress: (done: number) => void progress.push(done) };
  expect(await indexPool(backend, folders, watch)).toBe(join(folders.models, recordedEmbeddingsPath));

  const { pool, hash } = await openWorld(folders.world);
  expect(progress).toEqual([0, pool.entries.length]);
  const image = (row: number) => imageAt(pool.pixels, pool.resolution, row);
  const embedded = await before.embedImages({ count: pool.entries.length, image });
  const origin = { world: hash, clip: await sha256(await readModel(modelFiles.clip)) };
  const expected = { ...origin, rows: pool.entries.length, width: before.embeddingWidth };
  const recorded = await readRecordedEmbeddings(await readModel(recordedEmbeddingsPath), expected);
  expect(recorded).toEqual(embedded.map(roundToF16));

  const files = parseModelManifest(await readModel(modelManifestName), "manifest");
  expect(files[recordedEmbeddingsPath]?.sha256).toBe(await sha256(await readModel(recordedEmbeddingsPath)));
  expect(Object.keys(networkFiles(files)).sort()).toEqual(Object.values(modelFiles).sort());
  expect((await loadLabModels(backend, readModel)).hash).toBe(before.hash);
});

test("a stopped one writes nothing", async () => {
  await rm(join(folders.models, recordedEmbeddingsPath), { force: true });
  const watch = { signal: AbortSignal.abort(), onProgress: () => undefined };
  expect(await indexPool(new ReferenceBackend(), folders, watch)).toBeUndefined();
  await expect(readFile(join(folders.models, recordedEmbeddingsPath))).rejects.toThrow(/ENOENT/);
});

test("a built world's file goes to its networks, and another world's only to a folder that is named", () => {
  expect(foldersOf({})).toEqual({ world: "world/mini", models: "public/models/mini" });
  expect(foldersOf({ world: "world/mini-64/" })).toEqual({ world: "world/mini-64/", models: "public/models/mini-64" });
  for (const world of ["world/mine", join(folder, "mini")])
    expect(() => foldersOf({ world })).toThrow(
      new ConfigError("rog index", `--models with the folder where the file of ${world} goes`, "nothing"),
    );
  expect(foldersOf({ world: "world/mine", models: "m" })).toEqual({ world: "world/mine", models: "m" });
});
