/** The tiny world and random networks as folders, as a server or a disk holds them. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashOfFiles } from "../../src/data/world.ts";
import { modelFiles, recordedEmbeddingsPath } from "../../src/experiment/lab-networks.ts";
import { modelManifestName, modelManifestText } from "../../src/experiment/model-manifest.ts";
import { writeRecordedEmbeddings } from "../../src/experiment/recorded-embeddings.ts";
import { RandomStream } from "../../src/random.ts";
import { normalizeRows } from "../../src/retrieval/exact.ts";
import { sha256 } from "../../src/storage/hash.ts";
import { randomModels, tinyConfigs } from "./tiny-models.ts";
import { tinyWorld } from "./tiny-world.ts";

/** Files by path. */
export type Files = ReadonlyMap<string, Uint8Array>;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const lines = (values: readonly unknown[]): Uint8Array =>
  text(values.map((value) => `${JSON.stringify(value)}\n`).join(""));

/** `tinyWorld` with its manifest. */
export async function tinyWorldFiles(): Promise<Files> {
  const { dataset, pool } = tinyWorld();
  const files = new Map<string, Uint8Array>([
    ["pool.jsonl", lines(pool.entries)],
    ["pool.rgb", pool.pixels],
    ["target.jsonl", lines(dataset.samples)],
    ["target.rgb", dataset.pixels],
    ["low-data.json", lines([dataset.lowData])],
  ]);
  const hashes: Record<string, { bytes: number; sha256: string }> = {};
  for (const [path, bytes] of files) hashes[path] = { bytes: bytes.length, sha256: await sha256(bytes) };
  const count = (split: string): number => dataset.samples.filter((sample) => sample.split === split).length;
  const manifest = {
    ...{ format: "mini-world/1", name: "tiny", seed: 1, resolution: dataset.resolution },
    classes: dataset.classes.map((known) => ({ ...known, icons: { train: 20, validation: 6, test: 20, pool: 20 } })),
    counts: {
      ...{ train: count("train"), validation: count("validation"), test: count("test"), heldOut: 0 },
      ...{ pool: pool.entries.length, poolInClass: pool.entries.length },
      ...{ real10: dataset.lowData["real-10"].length, real20: dataset.lowData["real-20"].length },
    },
    captionShares: { label: 1 },
    nearDuplicates: { threshold: 1, removedFromPool: 0, targetShare: 0, poolGroups: dataset.classes.length },
    ...{ sources: [], failed: [], files: hashes, hash: await hashOfFiles(hashes) },
  };
  return files.set("world.json", text(JSON.stringify(manifest)));
}

/** Numbers of a tiny CLIP's embedding. */
export const tinyWidth = 16;

/** Networks with random weights, embeddings of `tinyWorld` that are as random, and their manifest. */
export async function tinyModelFiles(): Promise<Files> {
  const files = new Map(await randomModels(tinyConfigs));
  const { hash } = JSON.parse(new TextDecoder().decode((await tinyWorldFiles()).get("world.json"))) as { hash: string };
  const origin = { world: hash, clip: await sha256(files.get(modelFiles.clip)!) };
  const random = new RandomStream(3, "recorded embeddings");
  const rows = Float32Array.from({ length: tinyWorld().pool.entries.length * tinyWidth }, () => random.normal());
  files.set(recordedEmbeddingsPath, writeRecordedEmbeddings(normalizeRows(rows, tinyWidth), tinyWidth, origin));
  const manifest = await modelManifestText((path) => Promise.resolve(files.get(path)!), true);
  return files.set(modelManifestName, text(manifest));
}

/** Writes files into a folder. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}
