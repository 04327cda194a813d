import { expect, test } from "vitest";
import { memoryFolder, readJson } from "../../src/experiment/run-folder.ts";
import { run } from "../../src/experiment/run.ts";
import type { RunEvent } from "../../src/experiment/stages.ts";
import { outcome } from "./timeless.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "./tiny-world.ts";

const gauges = { now: () => Date.UTC(2026, 10, 22, 12), peakMemoryBytes: () => null };
const origins = { seed: "rog.yaml:1:7" };

/** Runs the same spec in the same folder. @returns the units that were made and not found */
async function start(files: Map<string, Uint8Array>): Promise<string[]> {
  const made: string[] = [];
  const onEvent = (event: RunEvent): void => {
    if (event.event === "unit-finished" && !event.reused) made.push(`${event.stage}/${event.unit}`);
  };
  const spec = tinySpec("conditions=[real-10, textual-inversion, clip-prompts, retrieval]", "sets.n=2");
  const options = { signal: new AbortController().signal, gauges, commands: [], origins, onEvent };
  await run(spec, tinyWorld(), tinyNetworks(), memoryFolder(files), options);
  return made;
}

const files = new Map<string, Uint8Array>();
const first = await start(files);
const whole = outcome(files);
const folders = [...new Set([...files.keys()].filter((path) => path.includes("/")).map((path) => path.split("/")[0]!))];

test("there is a folder for each stage that has units", () => {
  const stages = new Set(first.map((unit) => unit.split("/")[0]!));
  expect(stages.size).toBeGreaterThan(5);
  expect(folders).toEqual(expect.arrayContaining([...stages]));
});

test.each(folders)("what is deleted with the folder %s is made again, and nothing else", async (folder) => {
  const left = new Map([...files].filter(([path]) => !path.startsWith(`${folder}/`)));
  expect(left.size).toBeLessThan(files.size);
  expect(await start(left)).toEqual(first.filter((unit) => unit.startsWith(`${folder}/`)));
  expect(outcome(left)).toEqual(whole);
});

test("the origins of a spec's values are kept beside it", async () => {
  expect(await readJson(memoryFolder(files), "config.origins.json")).toEqual(origins);
});
