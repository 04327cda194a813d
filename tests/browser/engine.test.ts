import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Deviation } from "../models/check-model.ts";
import { openBrowserLab, type BrowserLab } from "./harness.ts";

const worker = join(import.meta.dirname, "engine.worker.ts");
const folder = join(import.meta.dirname, "../fixtures/models");
const fixtures = (await readdir(folder)).filter((name) => !name.startsWith("steps-"));
let lab: BrowserLab;

beforeAll(async () => {
  lab = await openBrowserLab();
});
afterAll(() => lab.close());

test("the engine opens on the browser's own adapter", async () => {
  expect(await lab.runInWorker<string>(worker, "backendName")).toMatch(/^webgpu: ./);
});

test("ops and their gradients agree with the reference in a browser's worker", async () => {
  expect((await lab.runInWorker<string[]>(worker, "opNames")).length).toBeGreaterThan(25);
  expect(await lab.runInWorker(worker, "checkOps")).toEqual({});
}, 300_000);

describe("outputs and gradients equal PyTorch's in a browser's worker", () => {
  test.each(fixtures)(
    "%s",
    async (name) => {
      const bytes = new Uint8Array(await readFile(join(folder, name)));
      const deviations = await lab.runInWorker<Deviation[]>(worker, "checkFixture", [name, bytes]);
      expect(deviations.length).toBeGreaterThan(1);
      expect(deviations.filter(({ error, limit }) => !(error <= limit))).toEqual([]);
    },
    300_000,
  );
});
