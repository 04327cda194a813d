import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { deviations, otherShare } from "../../src/experiment/deviations.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";

const of = (...overrides: string[]): string[] => deviations(parseSpec("", "test", overrides), "mini");

/** What a spec departs in, beside what a spec of nothing but defaults does. */
const added = (...overrides: string[]): string[] => {
  const usual = of();
  return of(...overrides).filter((sentence) => !usual.includes(sentence));
};

describe("departures from the paper", () => {
  test("a spec of defaults departs in its world, the stem, the amounts and the checker alone", () => {
    expect(of().map((sentence) => sentence.slice(0, 24))).toEqual([
      'The world is "mini": dra',
      "The classifier is a ResN",
      "Generated images go by e",
      "No safety checker.",
    ]);
  });

  test("a spec of the paper's values departs in its world and the checker alone", () => {
    const spec = ["train.net.stem=imagenet", "production.per=largest"];
    expect(of(...spec).slice(1)).toEqual(["No safety checker."]);
  });

  test.each([
    ["train.rate=0.05", "First learning rate: 0.05 instead of 0.1."],
    ["train.momentum=0.8", "Momentum: 0.8 instead of the usual 0.9; the paper gives none."],
    ["train.weightDecay=0", "Weight decay: 0 instead of the usual 0.0001; the paper gives none."],
    ["train.plateau.factor=0.5", "What the rate is multiplied by then: 0.5 instead of 0.1."],
    ["train.plateau.kind=torch", "The rate falls by PyTorch's rule, an epoch later and for gains above 0.01 % only."],
    ["sets.mix=replace:0.5", "Added images take the place of real ones (replace:0.5) instead of joining them."],
    ["sets.draw=best", "Every set takes the best-ranked images instead of a random draw."],
    [
      "generator.sampler=ddim",
      "The sampler is DDIM instead of PNDM, which is Stable Diffusion's default; the paper names none.",
    ],
    ["retrieval.minAesthetics=off", "No aesthetics filter of the search."],
    ["retrieval.minAesthetics=4", "Least aesthetics of a search: 4 instead of 5."],
    ["retrieval.rounds=3", "Rounds of a search at most: 3 instead of 10."],
    ["train.crop.flip=0", "Training pictures are not mirrored: left and right matter here."],
    ["world.pool=500", "Of the pool 500 pictures are searched, not all."],
    [
      "audit.action=drop",
      "Added images that the leak audit flags are left out of training; the paper has no such audit.",
    ],
  ])("%s", (override, sentence) => {
    expect(added(override)).toEqual([sentence]);
  });

  test("one rule of amounts for all methods is the paper's, for one of its datasets", () => {
    const sentence = of().filter((text) => text.startsWith("Generated images go by"));
    expect(sentence).toEqual([
      "Generated images go by each class's own size and retrieved ones by the largest class's; the paper's go by one: ImageNet's by the largest class's, Caltech256's by each class's own.",
    ]);
    for (const override of ["production.per=largest", "retrieval.per=class"])
      expect(of(override).filter((text) => text.startsWith("Generated images go by"))).toEqual([]);
  });

  test("names, seeds and what decides speed alone are none", () => {
    expect(added("name=other", "seed=5", "classes=3", "generator.batch=64", "audit.threshold=0.9")).toEqual([]);
  });

  test("settings of methods count where their condition is in the run", () => {
    expect(added("methods.ft-cluster.clusters=3")).toEqual([]);
    const sentences = added("methods.ft-cluster.clusters=3", "conditions=[real-10, ft-cluster]");
    expect(sentences).toEqual([
      "ft-cluster: Clusters of a class: 3 instead of 5.",
      "ft-cluster: The checkpoint is that of the least validation loss instead of the one whose images serve a classifier best on the validation split.",
      "Methods learn on the means of the VAE's posterior instead of on samples of it.",
      "ft-cluster clusters CLIP's embeddings instead of Inception v3's, and a cluster ends its learning by the validation pictures nearest to it.",
    ]);
  });

  test("checkpoints that classifiers choose are the paper's, and DA-Fusion, which is not, learns by textual inversion", () => {
    const asked = ["conditions=[real-10, da-fusion]", "methods.textual-inversion.select=true"];
    expect(added(...asked, "methods.textual-inversion.rate=0.01")).toEqual([
      "Conditions that the paper does not have: da-fusion.",
      "textual-inversion: Learning rate for a batch of 1: 0.01 instead of the usual 0.005; the paper gives none.",
      "Methods learn on the means of the VAE's posterior instead of on samples of it.",
    ]);
  });

  test("low-data sets that are no tenth of each class are", () => {
    const counts = (...pairs: [number, number][]) => pairs.map(([train, validation]) => ({ train, validation }));
    expect(otherShare(counts([732, 50], [1300, 50]), 74 + 130)).toEqual([]);
    // ImageNet's validation pictures are a tenth of its training pictures, and the low-data set a tenth of both.
    expect(otherShare(counts([658, 74], [1170, 130]), 74 + 130)).toEqual([]);
    expect(otherShare(counts([40, 5], [60, 5]), 100)).toEqual([]);
    expect(otherShare(counts([40, 5], [60, 5]), 50)).toEqual(['"10 % real" is 50 of 100 training pictures (50 %).']);
  });

  test("the recorded study names its clusters, epochs, rates and checkpoints, methods of one value together", async () => {
    const text = await readFile("specs/mini-all.yaml", "utf8");
    const sentences = deviations(parseSpec(text, "mini-all.yaml"), "mini");
    for (const sentence of [
      "ft-cluster: Clusters of a class: 3 instead of 5.",
      "ft-conditioning, ft-cluster, textual-inversion, pseudoword-dm: Epochs of learning at most: 12 instead of 40.",
      "imagic, pseudoword-dm: Learning rate of the denoiser for a batch of 1: 0.00002 instead of the usual 0.000002; the paper gives none.",
      "Conditions that the paper does not have: da-fusion, retrieval-diverse, retrieve-and-generate.",
    ])
      expect(sentences).toContain(sentence);
    expect(sentences.filter((sentence) => sentence.includes("The checkpoint is that"))).toHaveLength(1);
    expect(new Set(sentences).size).toBe(sentences.length);
  });
});
