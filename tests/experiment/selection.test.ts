import { expect, test } from "vitest";
import { memoryFolder, writeJson } from "../../src/experiment/run-folder.ts";
import { run } from "../../src/experiment/run.ts";
import { candidatesOf, selectCheckpoints } from "../../src/experiment/selection.ts";
import { parseShard } from "../../src/experiment/shards.ts";
import type { Spec } from "../../src/experiment/spec.ts";
import { clipPrompts } from "../../src/methods/clip-prompts.ts";
import type { Method } from "../../src/methods/method.ts";
import { retrieval } from "../../src/methods/retrieval.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "./tiny-world.ts";

/** The tiny spec with some conditions, two of whose methods choose their checkpoints. */
function selecting(conditions: Spec["conditions"]): Spec {
  const spec = tinySpec();
  const methods = {
    ...spec.methods,
    imagic: { ...spec.methods.imagic, select: true, maxEpochs: 3 },
    "textual-inversion": { ...spec.methods["textual-inversion"], select: true },
  };
  return { ...spec, conditions, methods };
}

test("the paper's checkpoints are tried, as far as there are epochs", () => {
  expect(candidatesOf("imagic", 40)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(candidatesOf("pseudoword-dm", 2)).toEqual([1, 2, "best-train", "best-validation"]);
});

test("the checkpoint of the best classifier is put into the spec, the earlier of two that are as good", async () => {
  const accuracies: Readonly<Record<string, number>> = {
    "1": 0.4,
    "2": 0.6,
    "3": 0.6,
    "best-train": 0.1,
    "best-validation": 0.5,
  };
  const trials: unknown[] = [];
  const folder = memoryFolder();
  const selected = await selectCheckpoints(
    selecting(["real-10", "imagic", "da-fusion"]),
    folder,
    async (spec, place) => {
      const [method] = spec.conditions as ["imagic" | "textual-inversion"];
      const { checkpoint, select } = spec.methods[method];
      trials.push([method, checkpoint, select, spec.sets.n]);
      const value = { validationAccuracy: accuracies[String(checkpoint)] };
      await writeJson(place, `train/${method}/set-0.json`, { value });
      return new Set([`train/${method}/set-0`]);
    },
  );
  expect(trials).toEqual([
    ...[1, 2, 3].map((checkpoint) => ["imagic", checkpoint, false, 1]),
    ...[1, 2, 3, "best-train", "best-validation"].map((checkpoint) => ["textual-inversion", checkpoint, false, 1]),
  ]);
  expect(selected?.selections.map(({ method, chosen }) => [method, chosen])).toEqual([
    ["imagic", 2],
    ["textual-inversion", 2],
  ]);
  expect(selected?.spec.methods.imagic).toMatchObject({ checkpoint: 2, select: false });
  expect(await folder.read("select/imagic/2/train/imagic/set-0.json")).toBeDefined();
});

test("a trial that was stopped chooses nothing", async () => {
  const selected = await selectCheckpoints(selecting(["imagic"]), memoryFolder(), () =>
    Promise.resolve(new Set<string>()),
  );
  expect(selected).toBeUndefined();
});

test("a record that the trial neither made nor found to be its own chooses nothing", async () => {
  const folder = memoryFolder();
  for (const checkpoint of [1, 2, 3])
    await writeJson(folder, `select/imagic/${String(checkpoint)}/train/imagic/set-0.json`, {
      value: { validationAccuracy: 0.5 },
    });
  const units = new Set(["produce/imagic/red", "train/imagic/set-1"]);
  const selected = await selectCheckpoints(selecting(["imagic"]), folder, () => Promise.resolve(units));
  expect(selected).toBeUndefined();
});

test("a share whose trials leave their classifiers to another one chooses by none of other weights", async () => {
  const files = new Map<string, Uint8Array>();
  /** @param weights the seed stands for them: others make other images */
  const start = async (weights: number, share?: string): Promise<readonly string[]> => {
    const finished: string[] = [];
    const produce: Method["produce"] = (request, sources, given) =>
      clipPrompts.produce(request, sources, { ...given, seed: weights });
    const hash = `weights ${String(weights)}`;
    await run(selecting(["imagic"]), tinyWorld(), { ...tinyNetworks(), hash }, memoryFolder(files), {
      signal: new AbortController().signal,
      gauges: { now: () => 0, peakMemoryBytes: () => null },
      commands: [],
      onEvent: (event) => void (event.event === "unit-finished" && finished.push(`${event.stage}/${event.unit}`)),
      methods: { imagic: { ...clipPrompts, id: "imagic", produce } },
      ...(share === undefined ? {} : { shard: parseShard(share) }),
    });
    return finished;
  };
  await start(1);
  expect(files.has("select/imagic/1/train/imagic/set-0.json")).toBe(true);
  // Both shares are needed to produce; then the second one waits for the first one's classifier.
  await start(2, "1/2");
  const waiting = await start(2, "2/2");
  expect(waiting).toContain("sets/imagic");
  expect(waiting.filter((unit) => unit.startsWith("train/"))).toEqual([]);
});

test("a run with a choice trains a classifier for each checkpoint, looks at the test set only afterwards, and says what it chose", async () => {
  const files = new Map<string, Uint8Array>();
  const events: string[] = [];
  const made: string[] = [];
  let clock = 0;
  const results = (await run(
    selecting(["real-10", "imagic", "retrieval"]),
    tinyWorld(),
    tinyNetworks(),
    memoryFolder(files),
    {
      signal: new AbortController().signal,
      gauges: { now: () => (clock += 1000), peakMemoryBytes: () => null },
      commands: [],
      onEvent: (event) => {
        events.push("unit" in event ? `${event.event} ${event.stage} ${event.unit}` : event.event);
        if (event.event === "unit-finished" && !event.reused) made.push(`${event.stage} ${event.unit}`);
      },
      methods: { imagic: { ...clipPrompts, id: "imagic" }, retrieval },
    },
  ))!;
  const [selection] = results.selections!;
  expect(selection!.tried.map(({ checkpoint }) => checkpoint)).toEqual([1, 2, 3]);
  expect(results.conditions.map(({ id, n }) => [id, n])).toEqual([
    ["real-10", 3],
    ["imagic", 3],
    ["retrieval", 3],
  ]);
  expect((results.spec as Spec).methods.imagic.select).toBe(true);
  const trained = events.filter((event) => event === "unit-finished train imagic/set-0").length;
  expect(trained).toBe(4);
  const firstLook = events.findIndex((event) => event.startsWith("test-read"));
  expect(events[firstLook]).toBe("test-read audit imagic");
  expect(events.slice(0, firstLook).filter((event) => event === "unit-finished train imagic/set-0")).toHaveLength(3);
  const firstScore = events.findIndex((event) => event.startsWith("test-read evaluate"));
  expect(events.slice(0, firstScore).filter((event) => event === "unit-finished train imagic/set-0")).toHaveLength(4);
  // The run takes over what the chosen trial made: images and the first classifier are not made a fourth time.
  for (const unit of ["produce imagic/red", "train imagic/set-0"])
    expect(made.filter((each) => each === unit)).toHaveLength(3);
  // The trials' audit holds images against the validation pictures alone.
  const splits = (path: string): Set<string> =>
    new Set(new TextDecoder().decode(files.get(path)).match(/-(test|validation)-/g));
  expect(splits("select/imagic/1/audit/imagic.json")).toEqual(new Set(["-validation-"]));
  expect(splits("audit/imagic.json").has("-test-")).toBe(true);
  expect(new TextDecoder().decode(files.get("report.html"))).toContain("Checkpoint of imagic: ");
  // The pool is embedded once, for the trials and the run.
  expect([...files.keys()].filter((path) => path.endsWith("world/pool-0.json"))).toEqual(["world/pool-0.json"]);
});
