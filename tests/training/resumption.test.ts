/** Trainings that are stopped and gone on with, on the WebGPU backend: the reference keeps f64, which no file of weights does. */
import { describe, expect, test } from "vitest";
import type { Image } from "../../src/data/image.ts";
import { loadNetworks } from "../../src/experiment/lab-models.ts";
import { gappedTexts } from "../../src/models/clip/pseudo-word.ts";
import { RandomStream } from "../../src/random.ts";
import type { AdaptationGroup, AdaptationRecipe } from "../../src/training/adaptation-recipe.ts";
import { adapt } from "../../src/training/adaptation.ts";
import type { ClassifierRecipe, LabelledImages, TrainedClassifier } from "../../src/training/classifier.ts";
import { ClassifierTrainer } from "../../src/training/classifier.ts";
import { nodeBackend } from "../engine/node-backend.ts";
import { randomModels, tinyConfigs } from "../experiment/tiny-models.ts";
import { abortedAfter, KeptWork } from "./kept-work.ts";

const backend = await nodeBackend();
const files = await randomModels(tinyConfigs);

/** Networks with random weights. */
async function lab() {
  const { networks, variables } = await loadNetworks(backend, (path) => Promise.resolve(files.get(path)!), [
    "clip",
    "unet",
  ]);
  const { unet, clip, tokenizer, contextShape, latentShape } = networks;
  // Fresh networks end their residual branches in zeros, behind which nothing is learned.
  for (const { name, shape, dtype } of unet.parameters.list()) {
    const random = new RandomStream(3, name);
    const values = (await variables.get(name)).map((value) => value + 0.3 * (random.uniform() - 0.5));
    variables.set(name, { shape, dtype }, values);
  }
  const texts = (templates: readonly string[]) => gappedTexts(tokenizer, templates, contextShape[0]);
  return { variables, networks: { unet, text: clip.text, latentShape, texts }, contextShape };
}

function uniform(name: string, size: number): Float32Array {
  const random = new RandomStream(1, name);
  return Float32Array.from({ length: size }, () => random.uniform() * 2 - 1);
}

function groupOf(key: string, pictures: number, width: number): AdaptationGroup {
  const latents = (name: string): Float32Array => uniform(`${key} ${name}`, 8 * 8 * 4);
  return {
    key,
    pictures: Array.from(
      { length: pictures },
      (_, i) => [latents(String(i)), latents(`${String(i)} mirrored`)] as const,
    ),
    validation: [latents("validation")],
    start: uniform(`${key} start`, width),
  };
}

const recipe: AdaptationRecipe = {
  ...{ learns: "conditioning", templates: [], trainsDenoiser: false, rate: 0.02, denoiserRate: 0, weightDecay: 0 },
  ...{ examples: 2, atOnce: 2, maxEpochs: 2, patience: 2, checkpoint: 2, flip: 0.5, draws: 2, stream: "test", seed: 5 },
};
const words = { learns: "pseudo-word", templates: ["a {} thing", "a photo of a {}"] } as const;

describe("an adaptation", () => {
  const denoising = { ...words, trainsDenoiser: true, denoiserRate: 1e-3 };
  const best = { maxEpochs: 3, patience: 3, checkpoint: "best-train" } as const;

  test.each([
    ["of conditionings in two waves", { ...recipe, ...best }],
    ["of words", { ...recipe, ...words, ...best }],
    ["of a denoiser", { ...recipe, ...denoising, ...best }],
  ] as const)("%s that is stopped time and again gives what an unbroken one does, bit for bit", async (_, asked) => {
    const { variables, networks, contextShape } = await lab();
    const width = asked.learns === "conditioning" ? contextShape[0] * contextShape[1] : contextShape[1];
    const groups = [groupOf("red", 3, width), groupOf("green", 2, width), groupOf("blue", 5, width)];
    const unbroken = await adapt(backend, variables, networks, groups, asked);
    const kept = new KeptWork();
    let learned;
    let starts = 0;
    for (; learned === undefined && starts < 20; starts++) {
      const { signal, tick } = abortedAfter(2);
      const options = { signal, onProgress: tick, resumption: kept.resumption() };
      learned = await adapt(backend, variables, networks, groups, asked, options);
    }
    expect(learned).toEqual(unbroken);
    expect(starts).toBeGreaterThan(4);
  });

  test("that is killed goes on from what it kept last", async () => {
    const { variables, networks, contextShape } = await lab();
    const groups = [groupOf("red", 4, contextShape[0] * contextShape[1])];
    const unbroken = await adapt(backend, variables, networks, groups, recipe);
    const kept = new KeptWork();
    let steps = 0;
    const dies = (): void => {
      if (++steps === 3) throw new Error("killed");
    };
    const options = { resumption: kept.resumption(true), onProgress: dies };
    await expect(adapt(backend, variables, networks, groups, recipe, options)).rejects.toThrow("killed");
    expect(kept.found?.state).toMatchObject({ step: 2 });
    const resumption = kept.resumption();
    expect(await adapt(backend, variables, networks, groups, recipe, { resumption })).toEqual(unbroken);
  });

  test("of other groups does not go on with it", async () => {
    const { variables, networks, contextShape } = await lab();
    const width = contextShape[0] * contextShape[1];
    const kept = new KeptWork();
    const { signal, tick } = abortedAfter(1);
    const [red, green] = [groupOf("red", 3, width), groupOf("green", 3, width)];
    await adapt(backend, variables, networks, [red], recipe, {
      ...{ signal, onProgress: tick, resumption: kept.resumption() },
    });
    expect(kept.found).toBeDefined();
    const unbroken = await adapt(backend, variables, networks, [green], recipe);
    const resumption = kept.resumption();
    expect(await adapt(backend, variables, networks, [green], recipe, { resumption })).toEqual(unbroken);
  });
});

describe("a classifier's training", () => {
  const classifier: ClassifierRecipe = {
    net: { depths: [1], width: 4, classes: 2, stem: "cifar", block: "basic" },
    ...{ resolution: 8, batch: 4, rate: 0.2, momentum: 0.9, weightDecay: 1e-3 },
    crop: { scale: [0.5, 1], ratio: [1, 1], flip: 0.5 },
    plateau: { kind: "paper", patience: 2, factor: 0.1, stopAfter: 3, maxEpochs: 6 },
  };
  const pictures: LabelledImages = {
    count: 13,
    image: (i) => ({ width: 8, height: 8, data: new Uint8Array(192).fill(i % 2 === 0 ? 90 + i : 140 - i) }),
    label: (i) => i % 2,
  };

  test("that is stopped after every second step gives what an unbroken one does, bit for bit", async () => {
    const trainer = await ClassifierTrainer.create(backend, classifier);
    const unbroken = await trainer.train(pictures, pictures, 1);
    const kept = new KeptWork();
    let trained: TrainedClassifier | undefined;
    let starts = 0;
    for (; trained === undefined && starts < 40; starts++) {
      // A start draws the pictures of its first step, then those of the next one beside each step.
      const { signal, tick } = abortedAfter(3 * classifier.batch);
      const image = (i: number): Image => (tick(), pictures.image(i));
      const watch = { signal, resumption: kept.resumption() };
      trained = await trainer.train({ ...pictures, image }, pictures, 1, watch);
    }
    expect(trained).toEqual(unbroken);
    expect(starts).toBeGreaterThan(5);
    trainer.dispose();
  });

  test("that is killed goes on from what it kept last", async () => {
    const trainer = await ClassifierTrainer.create(backend, classifier);
    const unbroken = await trainer.train(pictures, pictures, 1);
    const kept = new KeptWork();
    const dies = (): void => {
      throw new Error("killed");
    };
    await expect(
      trainer.train(pictures, pictures, 1, { resumption: kept.resumption(true), onEpoch: dies }),
    ).rejects.toThrow("killed");
    expect(kept.found?.state).toMatchObject({ step: 2 });
    expect(await trainer.train(pictures, pictures, 1, { resumption: kept.resumption() })).toEqual(unbroken);
    trainer.dispose();
  });
});
