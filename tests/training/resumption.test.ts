/** Trainings that are stopped and gone on with, on the WebGPU backend: the reference keeps f64, which no file of weights does. */
import { describe, expect, test } from "vitest";
import type { Image } from "../../src/data/image.ts";
import { adapt } from "../../src/training/adaptation.ts";
import type { ClassifierRecipe, LabelledImages, TrainedClassifier } from "../../src/training/classifier.ts";
import { ClassifierTrainer } from "../../src/training/classifier.ts";
import { nodeBackend } from "../engine/node-backend.ts";
import { abortedAfter, KeptWork } from "./kept-work.ts";
import { adaptationRecipe as recipe, groupOf, tinyLab } from "./tiny-adaptation.ts";

const backend = await nodeBackend();
const words = { learns: "pseudo-word", templates: ["a {} thing", "a photo of a {}"] } as const;

describe("an adaptation", () => {
  const denoising = { ...words, trainsDenoiser: true, denoiserRate: 1e-3 };
  const best = { maxEpochs: 3, patience: 3, checkpoint: "best-train" } as const;

  test.each([
    ["of conditionings in two waves", { ...recipe, ...best }],
    ["of words", { ...recipe, ...words, ...best }],
    ["of a denoiser", { ...recipe, ...denoising, ...best }],
  ] as const)("%s that is stopped time and again gives what an unbroken one does, bit for bit", async (_, asked) => {
    const { variables, networks, contextShape } = await tinyLab(backend);
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
    const { variables, networks, contextShape } = await tinyLab(backend);
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
    const { variables, networks, contextShape } = await tinyLab(backend);
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
