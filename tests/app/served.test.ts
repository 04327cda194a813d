import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { loadLabModels } from "../../src/experiment/lab-models.ts";
import { modelManifestName } from "../../src/experiment/model-manifest.ts";
import {
  areNetworksOf,
  bytesToDownload,
  hashOfNetworks,
  isPoolOf,
  networksOfRun,
  type Served,
  type ServedFiles,
} from "../../src/app/served.ts";
import { tinyModelFiles } from "../experiment/tiny-files.ts";

const served: Served = {
  ...{ resolution: 32, world: { name: "mini", hash: "a", classes: 24 }, networksHash: "n" },
  files: {
    draw: [{ name: "networks mini/unet.safetensors", bytes: 5 }],
    look: [
      { name: "networks mini/unet.safetensors", bytes: 5 },
      { name: "world mini/pool.rgb", bytes: 7 },
    ],
    "look-cpu": [],
  },
};
const runOf = (name: string, hash: string) => ({ results: { name, world: { name: "mini", hash } } }) as never;

test("what is kept already is not downloaded once more", () => {
  expect(bytesToDownload(served, "draw", new Set())).toBe(5);
  expect(bytesToDownload(served, "look", new Set(["networks mini/unet.safetensors"]))).toBe(7);
  expect(bytesToDownload(served, "draw", new Set(["networks mini/unet.safetensors"]))).toBe(0);
});

test("the served networks have the hash that a run on them records", async () => {
  const models = await tinyModelFiles();
  const manifest = new TextDecoder().decode(models.get(modelManifestName));
  const { files } = JSON.parse(manifest) as { files: ServedFiles };
  const { hash } = await loadLabModels(new ReferenceBackend(), (path) => Promise.resolve(models.get(path)!));
  expect(await hashOfNetworks(files)).toBe(hash);
  expect(await hashOfNetworks({})).toBeNull();
});

test("the served pool is a run's where their worlds are the same, and nobody knows of a run on own pictures", () => {
  expect(isPoolOf(runOf("page-demo", "a"), served)).toBe(true);
  expect(isPoolOf(runOf("page-demo", "a 4096 of the pool"), served)).toBe(true);
  expect(isPoolOf(runOf("page-demo", "b"), served)).toBe(false);
  expect(isPoolOf(runOf("page-demo-own-0123abcd", "b"), served)).toBeNull();
  expect(isPoolOf(runOf("page-demo", "a"), null)).toBeNull();
});

test("the served networks are a run's where its record of the machine has their hash", async () => {
  const bytes = (path: string): Promise<Uint8Array> => readFile(`tests/fixtures/recorded/demo/${path}`);
  const recorded = await networksOfRun({ paths: ["env.json"], bytes });
  expect(recorded).toMatch(/^[0-9a-f]{64}$/);
  expect(await networksOfRun({ paths: [], bytes })).toBeNull();
  expect(await networksOfRun({ paths: ["env.json"], bytes: () => Promise.reject(new Error("gone")) })).toBeNull();
  expect(areNetworksOf(recorded, served)).toBe(false);
  expect(areNetworksOf("n", served)).toBe(true);
  expect([areNetworksOf(null, served), areNetworksOf("n", null)]).toEqual([null, null]);
});
