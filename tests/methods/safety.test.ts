import { describe, expect, test } from "vitest";
import type { Image } from "../../src/data/image.ts";
import { ConceptSafety } from "../../src/methods/concept-safety.ts";
import { generateDrafts } from "../../src/methods/generated.ts";
import type { ProduceRequest, Safety, Sources } from "../../src/methods/method.ts";
import { retrieval } from "../../src/methods/retrieval.ts";
import { ExactIndex } from "../../src/retrieval/exact.ts";
import { tinySpec } from "../experiment/tiny-world.ts";

const picture = (value: number): Image => ({ width: 1, height: 1, data: Uint8Array.of(value, value, value) });

/** Ten pool pictures, ever farther from the query; each has its row for a picture. */
const angles = Array.from({ length: 10 }, (_, i) => 0.15 * i);
const embeddings = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));

/** Images are the number of their noise, below 2^24 as it is, of redraws 100 and the draw. */
function sourcesOf(change: Partial<Sources> = {}): Sources {
  return {
    generate: (drafts) =>
      Promise.resolve(
        drafts.map(({ sample }) => picture(sample < 2 ** 24 ? sample : 100 + Math.floor(sample / 2 ** 24))),
      ),
    embedTexts: () => Promise.resolve(Float32Array.of(1, 0)),
    embedImages: (images) =>
      Promise.resolve(Float32Array.from(images.flatMap(({ data }) => (data[0]! < 50 ? [1, 0] : [0, 1])))),
    learn: () => Promise.reject(new Error("no method here learns")),
    validationImages: () => [],
    index: new ExactIndex(embeddings, 2),
    poolImage: (row) => ({ id: `pool ${String(row)}`, image: picture(row) }),
    retrieval: { factor: 1.4, rounds: 10, duplicates: 0.9999 },
    realImages: () => [],
    settings: tinySpec().methods,
    ...change,
  };
}

const request = (count: number): ProduceRequest => {
  return { classIndex: 0, key: "cat", name: "cat", fullName: "cat", count, adapted: null };
};

/** Blocks generated pictures by their value. */
const blocking = (attempts: number, blocks: (value: number) => boolean): Safety => ({
  attempts,
  blocks: (images) => Promise.resolve(images.map(({ data }) => blocks(data[0]!))),
  blocksRow: (row) => Promise.resolve(row % 2 === 1),
});

describe("a blocked generated image", () => {
  const drafts = [0, 1, 2].map((sample) => ({ prompt: "a cat", sample }));

  test("is drawn again with other noise, keeps its place and id, and is counted", async () => {
    const sources = sourcesOf({ safety: blocking(5, (value) => value === 1 || value === 101) });
    const produced = (await generateDrafts("m", request(3), drafts, sources, { seed: 1 }))!;
    expect(produced.images.map(({ id, image }) => [id, image.data[0]])).toEqual([
      ["m#0", 0],
      ["m#1", 102],
      ["m#2", 2],
    ]);
    expect(produced.images[1]!.provenance).toMatchObject({ sample: 1 + 2 * 2 ** 24 });
    expect(produced.funnel).toEqual({ asked: 3, blocked: 2, kept: 3 });
    expect(produced.shortfall).toBe(0);
  });

  test("is missing, not black, when every draw is blocked", async () => {
    const sources = sourcesOf({ safety: blocking(2, (value) => value !== 0 && value !== 2) });
    const produced = (await generateDrafts("m", request(3), drafts, sources, { seed: 1 }))!;
    expect(produced.images.map(({ id }) => id)).toEqual(["m#0", "m#2"]);
    expect(produced).toMatchObject({ funnel: { asked: 3, blocked: 3, kept: 2 }, shortfall: 1 });
  });
});

test("retrieval passes over blocked rows and pictures outside of its limits, says how many, and keeps their columns", async () => {
  const sources = sourcesOf({
    safety: blocking(0, () => false),
    poolImage: (row) => {
      const columns = row === 2 ? { aesthetics: 3 } : row === 4 ? { unsafe: 0.9 } : row === 6 ? { aesthetics: 7 } : {};
      return { id: `pool ${String(row)}`, image: picture(row), columns };
    },
    retrieval: { factor: 1.4, rounds: 10, duplicates: 0.9999, minAesthetics: 5, maxUnsafe: 0.5 },
  });
  const produced = (await retrieval.produce(request(3), sources, { seed: 1 }))!;
  expect(produced.images.map(({ id }) => id)).toEqual(["pool 0", "pool 6", "pool 8"]);
  expect(produced.funnel).toMatchObject({ blocked: 4, aesthetics: 1, unsafe: 1, kept: 3 });
  expect(produced.images[1]!.provenance).toMatchObject({ aesthetics: 7 });
});

test("concepts block what CLIP puts nearer to one of them than the threshold, generated or in the pool", async () => {
  const limits = { concepts: ["blood"], threshold: 0.9, attempts: 1 };
  const safety = new ConceptSafety(limits, sourcesOf());
  expect(await safety.blocks([picture(10), picture(90)])).toEqual([true, false]);
  expect(await Promise.all([0, 2, 4].map((row) => safety.blocksRow(row)))).toEqual([true, true, false]);
});
