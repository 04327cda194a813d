import { describe, expect, test } from "vitest";
import type { Image } from "../../src/data/image.ts";
import { daFusion } from "../../src/methods/da-fusion.ts";
import { ftCluster } from "../../src/methods/ft-cluster.ts";
import { ftConditioning } from "../../src/methods/ft-conditioning.ts";
import { imagic } from "../../src/methods/imagic.ts";
import type { Draft, LearnGroup, Method, ProduceRequest, Sampling, Sources } from "../../src/methods/method.ts";
import { pseudowordDm } from "../../src/methods/pseudoword-dm.ts";
import { textualInversion } from "../../src/methods/textual-inversion.ts";
import { textualInversionTemplates } from "../../src/prompts/template-lists.ts";
import { ExactIndex } from "../../src/retrieval/exact.ts";
import type { AdaptationRecipe } from "../../src/training/adaptation-recipe.ts";
import { tinySpec } from "../experiment/tiny-world.ts";

const picture = (value: number): Image => ({ width: 1, height: 1, data: Uint8Array.of(value, value, value) });

/** Real pictures 1 to 6 of which 1, 2, 5 and 6 are far from 3 and 4; validation pictures 2 and 3. */
const angleOf = (value: number): number => (value === 3 || value === 4 ? 1.5 + value / 100 : value / 100);

/** Learns, for each group, its number; a trained denoiser is one weight. */
function sourcesOf() {
  const asked: { groups: readonly LearnGroup[]; recipe: AdaptationRecipe }[] = [];
  const drafts: Draft[] = [];
  const samplings: Sampling[] = [];
  const sources: Sources = {
    generate: (wanted, _stream, sampling) => {
      drafts.push(...wanted);
      samplings.push(...wanted.map(() => sampling));
      return Promise.resolve(wanted.map(({ sample }) => picture(sample)));
    },
    embedTexts: () => Promise.resolve(Float32Array.of(1, 0)),
    embedImages: (images) =>
      Promise.resolve(
        Float32Array.from(
          images.map(({ data }) => angleOf(data[0]!)).flatMap((angle) => [Math.cos(angle), Math.sin(angle)]),
        ),
      ),
    learn: (groups, recipe, { signal }) => {
      asked.push({ groups, recipe });
      if (signal?.aborted) return Promise.resolve(undefined);
      const denoiser = new Map([["unet.weight", Float32Array.of(7)]]);
      const rows = groups.map((_, i) => Float32Array.of(i + 0.5));
      return Promise.resolve({ rows, courses: [], ...(recipe.trainsDenoiser ? { denoiser } : {}) });
    },
    index: new ExactIndex(Float32Array.of(1, 0), 2),
    poolImage: (row) => ({ id: `pool ${String(row)}`, image: picture(row) }),
    retrieval: { factor: 1.4, rounds: 10, duplicates: 0.9999 },
    realImages: () => [1, 2, 3, 4, 5, 6].map((value) => ({ id: `real ${String(value)}`, image: picture(value) })),
    validationImages: () => [picture(2), picture(3)],
    settings: tinySpec("methods.ft-cluster.clusters=2").methods,
  };
  return { sources, asked, drafts, samplings };
}

const classes = [
  { classIndex: 0, key: "shark", name: "tigershark", fullName: "tiger shark, Galeocerdo cuvieri" },
  { classIndex: 1, key: "cat", name: "cat", fullName: "cat" },
];

/** Adapts a method to the classes and makes images of the first. */
async function made(method: Method, count: number) {
  const given = sourcesOf();
  const adapted = (await method.adapt!(classes, given.sources, { seed: 3 }))!;
  const request: ProduceRequest = { ...classes[0]!, count, adapted };
  const produced = (await method.produce(request, given.sources, { seed: 3 }))!;
  return { ...given, produced };
}

describe.each([ftConditioning, imagic])("$id", (method) => {
  test("learns one conditioning a class from its real pictures, beginning with the simple prompt without white space", async () => {
    const { asked } = await made(method, 1);
    const [{ groups, recipe }] = asked as [(typeof asked)[0]];
    expect(groups.map(({ key, start }) => [key, start])).toEqual([
      ["shark", "A photo of tigershark,Galeocerdocuvieri."],
      ["cat", "A photo of cat."],
    ]);
    expect(groups[0]!.images.map(({ data }) => data[0])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(groups[0]!.validation.map(({ data }) => data[0])).toEqual([2, 3]);
    expect(recipe).toMatchObject({ learns: "conditioning", trainsDenoiser: method === imagic, seed: 3 });
  });

  test("generates with the class's row", async () => {
    const { drafts, samplings } = await made(method, 3);
    expect(drafts.map(({ conditioning }) => conditioning![0])).toEqual([0.5, 0.5, 0.5]);
    expect(samplings[0]!.denoiser?.weights.get("unet.weight")?.[0]).toBe(method === imagic ? 7 : undefined);
  });
});

test("ft-cluster learns a row a cluster and gives images to clusters in proportion to their real pictures", async () => {
  const { asked, drafts } = await made(ftCluster, 12);
  const { groups } = asked[0]!;
  expect(groups.map(({ key }) => key)).toEqual(["shark/0", "shark/1", "cat/0", "cat/1"]);
  expect(groups[0]!.images.map(({ data }) => data[0])).toEqual([1, 2, 5, 6]);
  expect(groups[1]!.images.map(({ data }) => data[0])).toEqual([3, 4]);
  expect(groups[0]!.validation.map(({ data }) => data[0])).toEqual([2]);
  expect(groups[1]!.validation.map(({ data }) => data[0])).toEqual([3]);
  const rows = drafts.map(({ conditioning }) => conditioning![0]);
  expect(rows.filter((row) => row === 0.5)).toHaveLength(8);
  expect(rows.filter((row) => row === 1.5)).toHaveLength(4);
});

describe.each([textualInversion, pseudowordDm])("$id", (method) => {
  test("learns a word a class, beginning with the last word of its first name", async () => {
    const { asked } = await made(method, 1);
    expect(asked[0]!.groups.map(({ start }) => start)).toEqual(["shark", "cat"]);
    expect(asked[0]!.recipe).toMatchObject({
      learns: "pseudo-word",
      templates: textualInversionTemplates,
      trainsDenoiser: method === pseudowordDm,
    });
  });

  test("generates from the 27 templates with the word in their slot, each image's its own", async () => {
    const { drafts } = await made(method, 200);
    expect(drafts.every(({ prompt, word }) => textualInversionTemplates.includes(prompt) && word![0] === 0.5)).toBe(
      true,
    );
    expect(new Set(drafts.map(({ prompt }) => prompt)).size).toBeGreaterThan(20);
    expect((await made(method, 3)).drafts).toEqual(drafts.slice(0, 3));
  });
});

test("da-fusion uses textual inversion's words and starts from every real picture before one comes again", async () => {
  const { asked, drafts, samplings, produced } = await made(daFusion, 13);
  expect(daFusion.adaptsAs).toBe("textual-inversion");
  expect(asked[0]!.recipe.stream).toBe("textual-inversion");
  const levels = new Map(drafts.map(({ sample }, i) => [sample, samplings[i]!.noiseLevel]));
  // Six real pictures: the second round is one strength on.
  expect([...levels].sort(([a], [b]) => a - b).map(([, level]) => level)).toEqual([
    ...[0.25, 0.5, 0.75, 1, 0.25, 0.5],
    ...[0.5, 0.75, 1, 0.25, 0.5, 0.75],
    0.75,
  ]);
  expect(produced.images.map(({ id }) => id)).toEqual(Array.from({ length: 13 }, (_, i) => `da-fusion#${String(i)}`));
  const sources = produced.images.map(({ provenance }) => provenance.kind === "generated" && provenance.from);
  const each = [1, 2, 3, 4, 5, 6].map((picture) => `real ${String(picture)}`);
  expect(sources).toEqual([...each, ...each, "real 1"]);
});

test("da-fusion keeps each image at its id, and counts what is missing, where some stay blocked at one strength", async () => {
  const { sources } = sourcesOf();
  // Draft 4 is the second of the first strength, draft 1 the first of the second; each is drawn twice.
  const safety = {
    attempts: 1,
    blocks: (images: readonly Image[]) => Promise.resolve(images.map(({ data }) => data[0] === 4 || data[0] === 1)),
    blocksRow: () => Promise.resolve(false),
  };
  const adapted = (await daFusion.adapt!(classes, sources, { seed: 3 }))!;
  const request: ProduceRequest = { ...classes[0]!, count: 9, adapted };
  // Redraws differ by a multiple of 2^24, which a byte does not hold.
  const produced = (await daFusion.produce(request, { ...sources, safety }, { seed: 3 }))!;
  const kept = [0, 2, 3, 5, 6, 7, 8];
  expect(produced.images.map(({ id, image }) => [id, image.data[0]])).toEqual(
    kept.map((sample) => [`da-fusion#${String(sample)}`, sample]),
  );
  expect(produced).toMatchObject({ shortfall: 2, funnel: { asked: 9, blocked: 4, kept: 7 } });
});

test("a method whose learning is stopped gives nothing", async () => {
  const { sources } = sourcesOf();
  expect(await ftConditioning.adapt!(classes, sources, { seed: 3, signal: AbortSignal.abort() })).toBeUndefined();
});
