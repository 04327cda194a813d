import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tinyModelFiles, tinyWorldFiles, writeFiles } from "../experiment/tiny-files.ts";
import { openBrowserLab, type BrowserLab } from "./harness.ts";
import type { LookedUpTwice, Watched } from "./redraw.worker.ts";

const worker = join(import.meta.dirname, "redraw.worker.ts");
let folder: string;
let lab: BrowserLab;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-redraw-"));
  await writeFiles(join(folder, "world"), await tinyWorldFiles());
  await writeFiles(join(folder, "models"), await tinyModelFiles());
  lab = await openBrowserLab({
    folders: { "/world/mini-16/": join(folder, "world"), "/models/mini-16/": join(folder, "models") },
  });
});
afterAll(async () => {
  await lab.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe("outside a run", () => {
  test("drawing is watched step by step, gives the pictures of an unwatched one, and can be stopped", async () => {
    const request = {
      ...{ files: lab.url, resolution: 16, prompt: "A photo of red thing.", guidance: 3, seed: 5 },
      ...{ steps: 4, count: 2, first: 1, stream: "simple-prompt/red" },
    };
    const watched = await lab.runInWorker<Watched>(worker, "watch", [request]);
    const { steps, drawn, plain } = watched;
    expect(steps.map(({ step, of, width, height }) => [step, of, width, height])).toEqual(
      [1, 2, 3, 4].map((step) => [step, 4, 8, 8]),
    );
    for (const { previews } of steps) {
      expect(previews).toHaveLength(2 * 8 * 8 * 3);
      expect(new Set(previews).size).toBeGreaterThan(10);
    }
    // The last step, from timestep 1 on, changes less than 8 bits show.
    expect(new Set(steps.slice(0, 3).map(({ previews }) => previews.join())).size).toBe(3);
    // Two pictures of different noise.
    expect(steps[0]!.previews.subarray(0, 192)).not.toEqual(steps[0]!.previews.subarray(192));

    expect(drawn).toMatchObject({ width: 16, height: 16 });
    expect(drawn!.images).toHaveLength(2 * 16 * 16 * 3);
    expect(drawn!.images).toEqual(plain);
    expect(watched.amid).toBe("ConfigError");
    expect([watched.cancelled, watched.stepsOfCancelled]).toEqual([null, 1]);
  }, 300_000);

  test("a look-up gives the index's order, and embeds the pool once for all labs with one store", async () => {
    const looked = await lab.runInWorker<LookedUpTwice>(worker, "lookUp", [lab.url, "a photo of a red thing", 45]);
    const { found, unique, elsewhere, embedded, expected } = looked;
    expect(found!.ids).toEqual(expected.ids);
    expect(found!.similarities).toEqual(expected.similarities);
    expect(found!.images).toEqual(expected.images);
    expect(found!.captions).toHaveLength(45);
    expect(elsewhere).toEqual(found);
    expect(embedded).toEqual([64, 0, 0]);
    // The tiny pool has doubles: pictures of one colour with the same noise.
    expect(new Set(unique!.ids).size).toBe(unique!.ids.length);
    expect(unique!.ids[0]).toBe(expected.ids[0]);
    expect(unique!.duplicates).toBeGreaterThan(0);
  }, 300_000);
});
