import { describe, expect, test } from "vitest";
import type { Image } from "../../src/data/image.ts";
import { boomerang } from "../../src/methods/boomerang.ts";
import { clipPrompts } from "../../src/methods/clip-prompts.ts";
import type {
  AmountBasis,
  Amounts,
  Draft,
  Method,
  ProduceRequest,
  Sampling,
  Sources,
} from "../../src/methods/method.ts";
import { allMethods } from "../../src/methods/registry.ts";
import { retrievalDiverse } from "../../src/methods/retrieval-diverse.ts";
import { retrieval } from "../../src/methods/retrieval.ts";
import { retrieveAndGenerate } from "../../src/methods/retrieve-and-generate.ts";
import { sariyildiz } from "../../src/methods/sariyildiz.ts";
import { simplePromptMethod, simplePromptNoWhitespace } from "../../src/methods/simple-prompts.ts";
import { places } from "../../src/prompts/places365.ts";
import { clipTemplates } from "../../src/prompts/template-lists.ts";
import { ExactIndex } from "../../src/retrieval/exact.ts";
import { tinySpec } from "../experiment/tiny-world.ts";

const picture = (value: number): Image => ({ width: 1, height: 1, data: Uint8Array.of(value, value, value) });

/** Eight pool embeddings on a quarter circle, the query's nearest first; rows 1 and 2 are the same picture. */
const angles = [0, 0.3, 0.3, 0.6, 0.9, 1.2, 1.4, 1.5];

function sourcesOf(): { sources: Sources; drafts: Draft[]; samplings: Sampling[]; texts: string[] } {
  const drafts: Draft[] = [];
  const samplings: Sampling[] = [];
  const texts: string[] = [];
  const embeddings = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
  const sources: Sources = {
    generate: (asked, _stream, sampling) => {
      drafts.push(...asked);
      samplings.push(sampling);
      return Promise.resolve(sampling.signal?.aborted ? [] : asked.map(({ sample }) => picture(sample)));
    },
    embedTexts: (asked) => {
      texts.push(...asked);
      return Promise.resolve(Float32Array.of(1, 0));
    },
    embedImages: () => Promise.reject(new Error("no method here asks for it")),
    learn: () => Promise.reject(new Error("no method here learns")),
    validationImages: () => [],
    index: new ExactIndex(embeddings, 2),
    poolImage: (row) => ({ id: `pool ${String(row)}`, image: picture(row) }),
    retrieval: { factor: 1.4, rounds: 10, duplicates: 0.9999 },
    realImages: (classIndex) => ["a", "b", "c"].map((id, i) => ({ id, image: picture(classIndex + i) })),
    settings: {
      ...tinySpec().methods,
      boomerang: { noiseLevel: 0.4 },
      "retrieval-diverse": { weight: 0.2, candidates: 1.6 },
      "retrieve-and-generate": { retrieved: 0.4 },
    },
  };
  return { sources, drafts, samplings, texts };
}

const request = (count: number): ProduceRequest => ({
  classIndex: 0,
  key: "cat",
  name: "housecat",
  fullName: "house cat",
  count,
  adapted: null,
});

const amounts = (basis: AmountBasis): Amounts => {
  return { real: 25, largest: 32, ratio: 1, factor: 3, per: { production: basis, retrieval: basis } };
};

describe("clip-prompts", () => {
  test("makes three images for each real one of the class or of the largest, or as many as a set takes", () => {
    expect(clipPrompts.amount(amounts("class"))).toBe(75);
    expect(clipPrompts.amount(amounts("largest"))).toBe(96);
    expect(clipPrompts.amount({ ...amounts("class"), ratio: 5 })).toBe(125);
  });

  test("image 2 has the same prompt and noise whether 3 or 40 images are made", async () => {
    const [few, many] = [sourcesOf(), sourcesOf()];
    await clipPrompts.produce(request(3), few.sources, { seed: 5 });
    await clipPrompts.produce(request(40), many.sources, { seed: 5 });
    expect(many.drafts.slice(0, 3)).toEqual(few.drafts);
    expect(new Set(many.drafts.map(({ sample }) => sample)).size).toBe(40);
  });

  test("prompts are CLIP's templates with the class's name, not all the same", async () => {
    const { sources, drafts } = sourcesOf();
    await clipPrompts.produce(request(200), sources, { seed: 5 });
    const allowed = new Set(clipTemplates.map((template) => template.replace("{}", "housecat")));
    expect(drafts.every(({ prompt }) => allowed.has(prompt))).toBe(true);
    expect(new Set(drafts.map(({ prompt }) => prompt)).size).toBeGreaterThan(60);
  });

  test("gives nothing when it was stopped", async () => {
    const { sources } = sourcesOf();
    const options = { seed: 5, signal: AbortSignal.abort() };
    expect(await clipPrompts.produce(request(3), sources, options)).toBeUndefined();
  });
});

/** The prompts that a method asks for. */
async function promptsOf(method: Method, count: number, seed = 5): Promise<string[]> {
  const { sources, drafts } = sourcesOf();
  await method.produce(request(count), sources, { seed });
  return drafts.map(({ prompt }) => prompt);
}

describe("boomerang", () => {
  test("starts from the class's real pictures in turn, with the empty prompt and part of the schedule", async () => {
    const { sources, drafts, samplings } = sourcesOf();
    const produced = await boomerang.produce(request(5), sources, { seed: 5 });
    expect(drafts.map(({ start }) => start!.data[0])).toEqual([0, 1, 2, 0, 1]);
    expect(drafts.map(({ prompt, sample }) => `${prompt}${String(sample)}`)).toEqual(["0", "1", "2", "3", "4"]);
    expect(samplings).toMatchObject([{ seed: 5, noiseLevel: 0.4 }]);
    expect(produced!.images.map(({ provenance }) => provenance)).toMatchObject(
      ["a", "b", "c", "a", "b"].map((from, sample) => ({ kind: "generated", prompt: "", sample, from })),
    );
  });
});

describe("simple prompts", () => {
  test("keep the name's white space or drop it, whatever the spec does with names", async () => {
    expect(await promptsOf(simplePromptMethod, 2)).toEqual(["A photo of house cat.", "A photo of house cat."]);
    expect(await promptsOf(simplePromptNoWhitespace, 1)).toEqual(["A photo of housecat."]);
  });
});

describe("sariyildiz", () => {
  test("the six kinds of prompt take turns, in equal numbers", async () => {
    const prompts = await promptsOf(sariyildiz, 600);
    const starts = [
      /^house cat$/,
      /^house cat, animal$/,
      /^multiple house cat, animal$/,
      /^multiple different house cat, animal$/,
      /^house cat, furry animal/,
      /^house cat, animal inside /,
    ];
    for (const start of starts) expect(prompts.filter((prompt) => start.test(prompt))).toHaveLength(100);
    expect(prompts.slice(0, 6).map((prompt, i) => starts[i]!.test(prompt))).toEqual(Array(6).fill(true));
  });

  test("backgrounds are Places365's, drawn anew for each image and again the same by seed", async () => {
    const prompts = await promptsOf(sariyildiz, 600);
    const drawn = prompts.filter((_, i) => i % 6 === 5).map((prompt) => prompt.split(" inside ")[1]!);
    expect(drawn.every((place) => places.includes(place))).toBe(true);
    expect(new Set(drawn).size).toBeGreaterThan(70);
    expect(await promptsOf(sariyildiz, 600)).toEqual(prompts);
    expect(await promptsOf(sariyildiz, 600, 6)).not.toEqual(prompts);
  });

  test("a class without an entry in the glossary is an error that names it", async () => {
    const { sources } = sourcesOf();
    const unknown = { ...request(6), key: "okapi" };
    await expect(sariyildiz.produce(unknown, sources, { seed: 5 })).rejects.toThrow(/entry for the class "okapi"/);
  });
});

describe("retrieval", () => {
  test("every class gets as many images as the largest class has real ones, or as it has itself", () => {
    expect(retrieval.amount(amounts("largest"))).toBe(32);
    expect(retrieval.amount(amounts("class"))).toBe(25);
    expect(retrieval.amount({ ...amounts("class"), ratio: 1.5 })).toBe(38);
  });

  test("takes the nearest to the simple prompt, once each, best first", async () => {
    const { sources, texts } = sourcesOf();
    const produced = await retrieval.produce(request(4), sources, { seed: 5 });
    expect(texts).toEqual(["A photo of housecat."]);
    expect(produced?.images.map(({ id }) => id)).toEqual(["pool 0", "pool 1", "pool 3", "pool 4"]);
    expect(produced).toMatchObject({ shortfall: 0, funnel: { kept: 4, duplicates: 1 } });
  });

  test("says how many images are short", async () => {
    const { sources } = sourcesOf();
    const produced = await retrieval.produce(request(12), sources, { seed: 5 });
    expect(produced?.shortfall).toBe(5);
    expect(produced?.images.length).toBe(7);
  });
});

describe("retrieval-diverse", () => {
  test("begins with the nearest, then prefers what is unlike it", async () => {
    const { sources } = sourcesOf();
    const produced = await retrievalDiverse.produce(request(3), sources, { seed: 5 });
    // Among the five nearest, 0, 0.3, 0.6, 0.9 and 1.2 rad from the query: the last is the least like the first.
    expect(produced?.images.map(({ id }) => id)).toEqual(["pool 0", "pool 5", "pool 3"]);
    expect(produced).toMatchObject({ shortfall: 0, funnel: { kept: 3 } });
  });

  test("is short only of images that are wanted, not of candidates", async () => {
    const { sources } = sourcesOf();
    expect((await retrievalDiverse.produce(request(6), sources, { seed: 5 }))?.shortfall).toBe(0);
    expect((await retrievalDiverse.produce(request(9), sources, { seed: 5 }))?.shortfall).toBe(2);
  });
});

describe("retrieve-and-generate", () => {
  test("deals found and made images out in their shares", async () => {
    const { sources, drafts } = sourcesOf();
    const produced = await retrieveAndGenerate.produce(request(5), sources, { seed: 5 });
    const ids = produced!.images.map(({ id }) => id);
    expect(ids).toEqual(["clip-prompts#0", "pool 0", "clip-prompts#1", "pool 1", "clip-prompts#2"]);
    expect(drafts).toHaveLength(3);
    expect(produced).toMatchObject({ shortfall: 0, funnel: { retrieved: 2, generated: 3, kept: 5 } });
  });

  test("a share of 1 makes none, and says how many it could not find", async () => {
    const { sources, drafts } = sourcesOf();
    const settings = { ...sources.settings, "retrieve-and-generate": { retrieved: 1 } };
    const produced = await retrieveAndGenerate.produce(request(9), { ...sources, settings }, { seed: 5 });
    expect(drafts).toEqual([]);
    expect(produced).toMatchObject({ shortfall: 2, funnel: { retrieved: 7, generated: 0, kept: 7 } });
  });
});

test("every method stands in the registry under its id", () => {
  for (const [id, method] of Object.entries(allMethods())) expect(method.id).toBe(id);
  expect(Object.keys(allMethods())).toEqual([
    "boomerang",
    "simple-prompt",
    "simple-prompt-nows",
    "clip-prompts",
    "sariyildiz",
    "ft-conditioning",
    "ft-cluster",
    "imagic",
    "textual-inversion",
    "pseudoword-dm",
    "da-fusion",
    "retrieval",
    "retrieval-diverse",
    "retrieve-and-generate",
  ]);
});
