import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { finishedClasses } from "../../src/app/steps/make/lanes.ts";
import { changedSettings, drawSource, lookSource, stripSteps } from "../../src/app/steps/make/redraw-source.ts";
import type { RunView } from "../../src/app/runs/run-view.ts";
import type { Spec } from "../../src/experiment/spec.ts";

const folder = join(import.meta.dirname, "../fixtures/recorded/demo");
const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), "utf8"));
const view = {
  source: { kind: "recorded", id: "demo", commit: null },
  results: await json("results.json"),
  gallery: await json("gallery.json"),
} as unknown as RunView;
const spec = view.results.spec as Spec;
const bird = finishedClasses(view)!.find(({ key }) => key === "bird")!;
const set = view.gallery!.sets.find(({ id }) => id === "clip-prompts")!;
const pictures = set.classes.find(({ key }) => key === "bird")!.pictures;

describe("what is drawn again", () => {
  test("is the run's first picture from a prompt alone, with its own settings and noise", () => {
    const { settings, sample, stream, sampler, recorded } = drawSource(view, bird, "clip-prompts", null);
    const { prompt, seed } = pictures[0]!.provenance;
    expect(settings).toEqual({ prompt, seed, guidance: spec.generator.guidance, steps: spec.generator.steps });
    expect({ sample, stream, sampler }).toEqual({
      ...{ sample: pictures[0]!.provenance["sample"], stream: "clip-prompts/bird" },
      sampler: spec.generator.sampler,
    });
    expect(recorded).toMatchObject({ lane: { id: "clip-prompts" }, picture: { provenance: pictures[0]!.provenance } });
  });

  test("is the picture that is looked at where that one was generated from a prompt alone", () => {
    const { provenance } = pictures[3]!;
    const key = `#${String(provenance["sample"])}`;
    const looked = drawSource(view, bird, "clip-prompts", { lane: "clip-prompts", key });
    expect(looked.settings.prompt).toBe(provenance["prompt"]);
    expect(looked.sample).toBe(provenance["sample"]);
    expect(looked.which).toBe("looked");
    const besides = drawSource(view, bird, "clip-prompts", { lane: "retrieval", key: "any" });
    expect([besides.sample, besides.which]).toEqual([pictures[0]!.provenance["sample"], "shown"]);
  });

  test("is said to be another method's where the lane that is shown learns more than a prompt", () => {
    const key = `#${String(pictures[3]!.provenance["sample"])}`;
    const { recorded, sample, which } = drawSource(view, bird, "imagic", { lane: "clip-prompts", key });
    expect([recorded?.lane.id, sample, which]).toEqual(["clip-prompts", pictures[0]!.provenance["sample"], "first"]);
  });

  test("is the plainest prompt, with nothing to compare, where the run kept no such picture", () => {
    const without = { ...view, gallery: { ...view.gallery!, sets: [] } } as RunView;
    const spaced = { key: "tiger shark", name: "tiger shark" };
    const source = drawSource(without, spaced, null, null);
    expect(source).toMatchObject({ recorded: null, sample: 0, settings: { prompt: "A photo of tiger shark." } });
    const results = { ...view.results, spec: { ...spec, classNames: "without-spaces" } };
    const paperLike = drawSource({ ...without, results }, spaced, null, null);
    expect(paperLike.settings.prompt).toBe("A photo of tigershark.");
  });

  test("differs from the run's picture in the settings that were changed", () => {
    const { settings } = drawSource(view, bird, null, null);
    expect(changedSettings(settings, settings)).toEqual([]);
    expect(changedSettings({ ...settings, seed: settings.seed + 1, prompt: "x" }, settings)).toEqual([
      "prompt",
      "seed",
    ]);
  });
});

test("a class is looked up again by plain retrieval's query and the threshold that the run calibrated", () => {
  expect(spec.retrieval.duplicates).toBe("calibrate");
  expect(lookSource(view, bird)).toMatchObject({
    ...{ query: "A photo of bird.", pool: "all", resolution: 32 },
    duplicates: view.results.audit!.measures[0]!.threshold,
    recorded: { id: "retrieval" },
  });
});

test("a strip shows steps spread evenly, the last among them, and never more than there are", () => {
  expect(stripSteps(20, 4)).toEqual([5, 10, 15, 20]);
  expect(stripSteps(3, 12)).toEqual([1, 2, 3]);
  expect(stripSteps(51, 12)).toHaveLength(12);
  expect(stripSteps(51, 12).at(-1)).toBe(51);
});
