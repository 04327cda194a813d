import { describe, expect, test } from "vitest";
import { gappedTexts } from "../../src/models/clip/pseudo-word.ts";
import { RandomStream } from "../../src/random.ts";
import type { Example } from "../../src/training/adaptation-examples.ts";
import { trainingExamples, validationExamples } from "../../src/training/adaptation-examples.ts";
import type { AdaptationGroup, AdaptationRecipe } from "../../src/training/adaptation-recipe.ts";
import { adapt } from "../../src/training/adaptation.ts";
import { livelyModels } from "../experiment/lively-models.ts";

const { backend, models } = await livelyModels();
const { variables } = models;
const { unet, clip, tokenizer, latentShape, contextShape } = models.networks;
const texts = (templates: readonly string[]) => gappedTexts(tokenizer, templates, contextShape[0]);
const networks = { unet, text: clip.text, latentShape, texts };
const latentSize = latentShape.reduce((product, side) => product * side, 1);

function uniform(name: string, size: number): Float32Array {
  const random = new RandomStream(1, name);
  return Float32Array.from({ length: size }, () => random.uniform() * 2 - 1);
}

function groupOf(key: string, pictures: number, validation = 1): AdaptationGroup {
  const latents = (name: string): Float32Array => uniform(`${key} ${name}`, latentSize);
  return {
    key,
    pictures: Array.from({ length: pictures }, (_, i) => [latents(String(i)), latents(`${String(i)} mirrored`)]),
    validation: Array.from({ length: validation }, (_, i) => latents(`validation ${String(i)}`)),
    start: uniform(`${key} start`, contextShape[0] * contextShape[1]),
  };
}

const recipe: AdaptationRecipe = {
  learns: "conditioning",
  templates: [],
  trainsDenoiser: false,
  rate: 0.02,
  denoiserRate: 0,
  weightDecay: 0,
  examples: 1,
  atOnce: 2,
  maxEpochs: 1,
  patience: 9,
  checkpoint: 1,
  flip: 0,
  draws: 1,
  stream: "test",
  seed: 5,
};

const largestStep = (to: Float32Array, from: Float32Array): number =>
  Math.max(...to.map((value, i) => Math.abs(value - from[i]!)));

describe("the first step of AdamW is as long as its rate, which grows with the root of a step's examples:", () => {
  // Where a gradient is far above AdamW's 1e-8; the f32 of a weight of 1 bounds a step of 1e-3 to 6e-5 of itself.
  const tolerance = 1e-3;
  const lengths = async (examples: number) => {
    const asked = { ...recipe, examples, trainsDenoiser: true, denoiserRate: 1e-3 };
    const group = groupOf("red", examples);
    const { rows, denoiser } = (await adapt(backend, variables, networks, [group], asked))!;
    const steps = [];
    for (const [name, values] of denoiser!)
      steps.push(largestStep(values as Float32Array, (await variables.get(name)) as Float32Array));
    return { row: largestStep(rows[0]!, group.start), denoiser: Math.max(...steps) };
  };

  test("of a conditioning and of the denoiser trained with it, twice as long for 4 examples as for 1", async () => {
    const [one, four] = [await lengths(1), await lengths(4)];
    expect(Math.abs(one.row / recipe.rate - 1)).toBeLessThan(tolerance);
    expect(Math.abs(four.row / one.row / 2 - 1)).toBeLessThan(tolerance);
    expect(Math.abs(one.denoiser / 1e-3 - 1)).toBeLessThan(tolerance);
    expect(Math.abs(four.denoiser / one.denoiser / 2 - 1)).toBeLessThan(tolerance);
  });

  test("of groups beside each other, by the examples of one of them", async () => {
    const groups = [groupOf("red", 2), groupOf("green", 2)];
    const { rows } = (await adapt(backend, variables, networks, groups, { ...recipe, examples: 2 }))!;
    for (const [i, { start }] of groups.entries())
      expect(Math.abs(largestStep(rows[i]!, start) / (recipe.rate * Math.SQRT2) - 1)).toBeLessThan(tolerance);
  });
});

describe("the validation", () => {
  const wide = { ...recipe, draws: 3, templates: ["a {}", "the {}", "one {}", "my {}"], flip: 0.5 };
  const group = groupOf("red", 4, 2);
  const drawn = ({ latents, noise, timestep, signal, spread, template }: Example) => {
    return { latents, noise, timestep, signal, spread, template };
  };
  const textOf = (values: Float32Array): string => values.join();

  test("has the same (picture, timestep, noise) triples and texts at every call, whatever the slot", () => {
    const first = validationExamples(group, 0, wide);
    expect(first).toHaveLength(6);
    expect(validationExamples(group, 0, wide)).toEqual(first);
    // Drawing what is trained on in between changes nothing.
    trainingExamples([{ slot: 0, picture: group.pictures[0]! }], wide, "test/red", 7);
    const later = validationExamples(group, 1, wide);
    expect(later.map(({ slot }) => slot)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(later.map(drawn)).toEqual(first.map(drawn));
  });

  test("takes every validation picture as often as asked, each time with noise and a timestep of its own", () => {
    const examples = validationExamples(group, 0, wide);
    const [a, b] = group.validation;
    expect(examples.map(({ latents }) => latents)).toEqual([a, a, a, b, b, b]);
    expect(new Set(examples.map(({ noise }) => textOf(noise))).size).toBe(6);
    expect(new Set(examples.map(({ timestep }) => timestep)).size).toBe(6);
    for (const { signal, spread } of examples) expect(signal ** 2 + spread ** 2).toBeCloseTo(1, 6);
  });

  test("has other noise for another group, stream or seed", () => {
    const noises = [
      validationExamples(group, 0, wide),
      validationExamples({ ...group, key: "green" }, 0, wide),
      validationExamples(group, 0, { ...wide, stream: "another" }),
      validationExamples(group, 0, { ...wide, seed: 6 }),
    ].flatMap((examples) => examples.map(({ noise }) => textOf(noise)));
    expect(new Set(noises).size).toBe(24);
  });

  test("shares no noise with a step of training, of the group alone or of all groups together", () => {
    const validation = validationExamples(group, 0, wide).map(({ noise }) => textOf(noise));
    const chosen = group.pictures.map((picture) => ({ slot: 0, picture }));
    const training = ["test/red", "test/all"].flatMap((stream) =>
      Array.from({ length: 30 }, (_, step) => trainingExamples(chosen, wide, stream, step)).flat(),
    );
    const noises = training.map(({ noise }) => textOf(noise));
    expect(new Set(noises).size).toBe(2 * 30 * 4);
    expect(new Set([...noises, ...validation]).size).toBe(2 * 30 * 4 + 6);
  });

  test("of what does not learn is the same in every epoch, bit for bit, while the training's noise is drawn anew", async () => {
    const still = { ...recipe, rate: 0, maxEpochs: 3, checkpoint: "best-train", draws: 2 } as const;
    const { courses, rows } = (await adapt(backend, variables, networks, [groupOf("red", 1)], still))!;
    const { epochs } = courses[0]!;
    expect(rows[0]).toEqual(groupOf("red", 1).start);
    expect(new Set(epochs.map(({ validation }) => validation)).size).toBe(1);
    expect(new Set(epochs.map(({ training }) => training)).size).toBe(3);
  });
});
