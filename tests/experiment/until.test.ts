import { expect, test } from "vitest";
import { memoryFolder, readJson } from "../../src/experiment/run-folder.ts";
import { run } from "../../src/experiment/run.ts";
import { stageNames, type StageName } from "../../src/experiment/stage-names.ts";
import { timeless } from "./timeless.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "./tiny-world.ts";

const spec = tinySpec("conditions=[real-10, textual-inversion, retrieval]", "sets.n=2");
const gauges = { now: () => Date.UTC(2026, 10, 22, 12), peakMemoryBytes: () => null };
const options = { signal: new AbortController().signal, gauges, commands: [] };

/** Runs to a stage in a folder of these files. */
const runTo = (files: Map<string, Uint8Array>, until?: StageName, given = spec) =>
  run(given, tinyWorld(), tinyNetworks(), memoryFolder(files), { ...options, until });

const isSame = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === null || b === null ? a === b : Buffer.compare(a, b) === 0;

/** Names of stages that have files. */
const stagesIn = (files: ReadonlyMap<string, Uint8Array>): StageName[] =>
  stageNames.filter((stage) => [...files.keys()].some((path) => path.startsWith(`${stage}/`)));

test.each(stageNames.slice(0, -1))(
  "a run until %s has the units up to there, is stopped, and can go on",
  async (until) => {
    const files = new Map<string, Uint8Array>();
    expect(await runTo(files, until)).toBeUndefined();
    expect(stagesIn(files)).toEqual(stageNames.slice(0, stageNames.indexOf(until) + 1));
    expect(files.has("results.json")).toBe(false);
    expect(await readJson(memoryFolder(files), "run.json")).toMatchObject({ state: "stopped" });
  },
);

test("going on stage by stage leaves the files of a run at once", async () => {
  const [once, steps] = [new Map<string, Uint8Array>(), new Map<string, Uint8Array>()];
  await runTo(once);
  for (const stage of stageNames) await runTo(steps, stage);
  expect([...steps.keys()].sort()).toEqual([...once.keys()].sort());
  const different = [...once].filter(
    ([path, bytes]) => !isSame(timeless(path, bytes), timeless(path, steps.get(path)!)),
  );
  expect(different.map(([path]) => path)).toEqual([]);
});

test("without a method the stages that it needs are passed over, not run past", async () => {
  const files = new Map<string, Uint8Array>();
  expect(await runTo(files, "produce", tinySpec("conditions=[real-10, real-20]"))).toBeUndefined();
  expect(stagesIn(files)).toEqual([]);
});
