import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { methodLabel } from "../../src/app/condition-label.ts";
import { orderedOrigins } from "../../src/app/steps/make/choices.ts";
import { countFlags, flagName, flagsOf, toggled, type Flags } from "../../src/app/steps/make/flags.ts";
import { funnelSteps } from "../../src/app/steps/make/funnel-steps.ts";
import {
  byOrigin,
  finishedClasses,
  finishedLane,
  hasMore,
  liveClasses,
  liveLane,
  pictureKey,
  runIdOf,
  unitPicture,
} from "../../src/app/steps/make/lanes.ts";
import { fullWords, nearestWords } from "../../src/app/steps/make/picture-words.ts";
import type { RunView } from "../../src/app/runs/run-view.ts";
import { conditionIds } from "../../src/experiment/conditions.ts";

const json = async <T>(file: string): Promise<T> =>
  JSON.parse(await readFile(`tests/fixtures/recorded/demo/${file}`, "utf8")) as T;

async function recordedView(): Promise<RunView> {
  const [results, gallery] = await Promise.all([
    json<RunView["results"]>("results.json"),
    json<RunView["gallery"]>("gallery.json"),
  ]);
  return { source: { kind: "recorded", id: "r", commit: null }, results, gallery } as unknown as RunView;
}

test("methods are told apart by the first letters of their names, as narrow menus show them", () => {
  for (const ids of Object.values(byOrigin(conditionIds()))) {
    const starts = ids.map((id) => methodLabel(id).slice(0, 15));
    expect(new Set(starts).size, starts.join("; ")).toBe(ids.length);
  }
});

describe("flags of pictures", () => {
  const name = flagName("retrieval", "bird", "noto/dodo#2");

  test("are put on and taken off one by one, and stay in the page's order", () => {
    const one = toggled({}, "run", name, "duplicate");
    const two = toggled(one, "run", name, "wrong-class");
    expect(flagsOf(two, "run", name)).toEqual(["wrong-class", "duplicate"]);
    expect(flagsOf(toggled(two, "run", name, "duplicate"), "run", name)).toEqual(["wrong-class"]);
    expect(toggled(one, "run", name, "duplicate")).toEqual({ run: {} });
  });

  test("of one run are not those of another", () => {
    const one = toggled({}, "run", name, "duplicate");
    expect(flagsOf(one, "other", name)).toEqual([]);
    expect(toggled(one, "other", name, "duplicate")["run"]).toEqual(one["run"]);
  });

  test("are counted for a lane's class, and for all of its classes", () => {
    let all: Flags = {};
    for (const [picture, kind] of [
      [name, "duplicate"],
      [name, "wrong-class"],
      [flagName("retrieval", "bird", "x"), "duplicate"],
      [flagName("retrieval", "birdhouse", "x"), "duplicate"],
      [flagName("retrieval-diverse", "bird", "x"), "duplicate"],
    ] as const)
      all = toggled(all, "run", picture, kind);
    expect(countFlags(all, "run", flagName("retrieval", "bird", ""))).toEqual({
      pictures: 2,
      kinds: { "wrong-class": 1, "not-a-photo": 0, duplicate: 2 },
    });
    expect(countFlags(all, "run", "retrieval/").pictures).toBe(3);
  });
});

describe("lanes of a finished run", () => {
  test("hold the class's pictures in order, what was rejected, and what the audit found", async () => {
    const view = await recordedView();
    const fruit = finishedLane(view, "retrieval", "fruit")!;
    expect(fruit.rejected).toBe(view.results.production.find(({ id }) => id === "retrieval")!.rejected["fruit"]);
    expect(fruit.rejected).toBeGreaterThan(0);
    expect([fruit.pictures.length, fruit.total, fruit.state]).toEqual([10, 32, "there"]);
    const { pictures } = view.gallery!.sets.find(({ id }) => id === "retrieval")!.classes[7]!;
    expect(fruit.pictures.map(({ nearest }) => nearest)).toEqual(pictures.map(({ nearest }) => nearest));
    expect(fruit.pictures.map(({ look }) => look.kind === "atlas" && [look.classIndex, look.column])).toEqual(
      pictures.map((_, column) => [7, column]),
    );
    expect(new Set(fruit.pictures.map(({ key }) => key)).size).toBe(10);
    expect(runIdOf(fruit)).toBe("r");
  });

  test("are none where the run lacks a method, a class or its pictures", async () => {
    const view = await recordedView();
    expect(finishedLane(view, "imagic", "fruit")).toBeNull();
    expect(finishedLane(view, "retrieval", "teapot")).toBeNull();
    expect(finishedLane({ ...view, gallery: null }, "retrieval", "fruit")).toBeNull();
    expect(finishedClasses({ ...view, gallery: null })).toBeNull();
    expect(finishedClasses(view)![3]).toEqual({ key: "fish", name: "fish, sea animal" });
  });

  test("are split by whether images are made or found; real pictures are neither", () => {
    expect(
      byOrigin(["real-10", "boomerang", "mine", "retrieval", "retrieve-and-generate", "real-20", "target"]),
    ).toEqual({
      generated: ["boomerang", "mine"],
      retrieved: ["retrieval", "retrieve-and-generate"],
    });
  });

  test("stand in the drawn order", () => {
    expect(orderedOrigins("retrieved")).toEqual(["retrieved", "generated"]);
    expect(orderedOrigins("generated")).toEqual(["generated", "retrieved"]);
  });
});

describe("lanes of a run that goes on", () => {
  const run = { id: "live", finished: ["produce/clip-prompts/bird"], making: "produce/clip-prompts/cat" };
  const made = {
    ...{ width: 2, height: 1, total: 30 },
    pixels: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    provenance: [
      { kind: "generated", prompt: "p", sample: 0, seed: 1 },
      { kind: "generated", prompt: "q", sample: 1, seed: 1 },
    ],
  };

  test("wait, are being made, and then hold each picture's own pixels", () => {
    expect(liveLane(run, "retrieval", "cat", null).state).toBe("waits");
    expect(liveLane(run, "clip-prompts", "cat", null).state).toBe("making");
    const lane = liveLane(run, "clip-prompts", "bird", made);
    expect([lane.state, lane.total, runIdOf(lane)]).toEqual(["there", 30, "live"]);
    expect(lane.pictures.map(({ look }) => look.kind === "pixels" && [...look.pixels])).toEqual([
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10, 11, 12],
    ]);
  });

  test("show more where there is more and this browser keeps it, never of the real pictures", async () => {
    const lane = liveLane(run, "clip-prompts", "bird", made);
    expect(hasMore(lane)).toBe(true);
    expect(hasMore({ ...lane, total: 2 })).toBe(false);
    expect(hasMore({ ...lane, id: "target" })).toBe(false);
    expect(hasMore(liveLane(run, "clip-prompts", "cat", null))).toBe(false);
    const view = await recordedView();
    const fruit = finishedLane(view, "retrieval", "fruit")!;
    expect(hasMore(fruit)).toBe(false);
    for (const kind of ["live", "opened"] as const)
      expect(hasMore({ ...fruit, source: { ...view, source: { ...view.source, kind } } })).toBe(true);
  });

  test("give any picture of their unit by its place, with what the audit found of the first ones", () => {
    expect(unitPicture(made, 1)).toEqual({
      ...{ key: "#1", provenance: made.provenance[1] },
      look: { kind: "pixels", width: 2, height: 1, pixels: made.pixels.subarray(6) },
    });
    const audited = { ...liveLane(run, "clip-prompts", "bird", made).pictures[0]!, flagged: true };
    expect(unitPicture(made, 0, [audited])).toEqual(audited);
    expect(unitPicture(made, 1, [audited]).flagged).toBeUndefined();
    // A view of the unit's own bytes: nothing is copied.
    const { look } = unitPicture(made, 1);
    expect(look.kind === "pixels" && look.pixels.buffer).toBe(made.pixels.buffer);
  });

  test("know a picture by the same key as when the run is finished", () => {
    expect(pictureKey({ pool: "noto/dodo#2", rank: 0 }, "anything")).toBe("noto/dodo#2");
    expect(pictureKey({ kind: "generated", sample: 7, seed: 1 }, "clip-prompts#7")).toBe("#7");
    expect(pictureKey({}, "noto/dodo#2")).toBe("noto/dodo#2");
  });

  test("are of the classes that were asked for by name, or else of those that were begun", () => {
    const names = new Map([["bird", "a bird"]]);
    expect(liveClasses(4, run, names)).toEqual([
      { key: "bird", name: "a bird" },
      { key: "cat", name: "cat" },
    ]);
    expect(liveClasses(["tree", "bird"], run, names).map(({ key }) => key)).toEqual(["tree", "bird", "cat"]);
    expect(liveClasses("all", { id: "live", finished: ["train/retrieval/set-0"], making: null }, names)).toEqual([]);
  });
});

describe("a funnel", () => {
  test("has the results' steps in their order, what was not needed, and what was kept at the end", () => {
    expect(funnelSteps({ asked: 360, found: 360, duplicates: 5, rounds: 8, kept: 256 })).toEqual([
      { key: "asked", kind: "count", count: 360 },
      { key: "found", kind: "count", count: 360 },
      { key: "duplicates", kind: "loss", count: 5 },
      { key: "surplus", kind: "loss", count: 99 },
      { key: "rounds", kind: "rounds", count: 8 },
      { key: "kept", kind: "count", count: 256 },
    ]);
  });

  test("of a generator has nothing that was not needed", () => {
    expect(funnelSteps({ asked: 372, blocked: 4, kept: 372 }).map(({ key }) => key)).toEqual([
      "asked",
      "blocked",
      "kept",
    ]);
    expect(funnelSteps({})).toEqual([]);
  });

  test("of a mix counts what was found against what of it was kept", () => {
    const steps = funnelSteps({
      asked: 90,
      found: 90,
      duplicates: 0,
      rounds: 2,
      retrieved: 60,
      generated: 60,
      kept: 120,
    });
    expect(steps.find(({ key }) => key === "surplus")?.count).toBe(30);
    expect(steps.at(-1)).toEqual({ key: "kept", kind: "count", count: 120 });
  });
});

describe("a picture in words", () => {
  const picture = {
    ...{ key: "x", provenance: { kind: "retrieved", pool: "x", similarity: 0.4332, rank: 0 } },
    look: { kind: "pixels", width: 1, height: 1, pixels: new Uint8Array(3) },
    ...{ flagged: true, nearest: { id: "noto/dodo#2", similarity: 0.9567 } },
  } as const;

  test("says how it came about, what the audit thinks and what the student flagged", () => {
    expect(fullWords("retrieval", "bird", picture, ["not-a-photo"])).toBe(
      "retrieved for bird, rank 1, similarity 0.43; flagged by the leak audit; you flagged: not a photo",
    );
    expect(fullWords("target", "bird", { ...picture, flagged: false }, [])).toBe("real picture of bird, x");
  });

  test("says which held-out picture is nearest, and whether it may be a copy", () => {
    expect(nearestWords(picture)).toContain("noto/dodo#2, similarity 0.957, flagged");
    expect(nearestWords({ ...picture, flagged: false })).toContain("not flagged");
    const byPixels = { ...picture, nearest: { ...picture.nearest, measure: "pixels, correlation" } };
    expect(nearestWords(byPixels)).toContain("noto/dodo#2, similarity 0.957 (pixels, correlation), flagged");
  });
});
