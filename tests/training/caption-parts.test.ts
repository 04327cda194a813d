import { expect, test } from "vitest";
import { captionParts } from "../../src/training/caption-parts.ts";

const captions = ["hen, farm", "farm", "hen, barn, hen"];

test("parts that too few captions say are left out, and a caption counts once", async () => {
  const asked: string[] = [];
  const { texts, said } = await captionParts(captions, 2, (given) => {
    asked.push(...given);
    return Promise.resolve(new Float32Array(given.length));
  });
  expect(texts).toEqual(["hen", "farm"]);
  expect(asked).toEqual(["hen", "a photo of hen", "farm", "a photo of farm"]);
  expect(said).toEqual([[0, 1], [1], [0]]);
});

test("a part's embedding is the mean of what it says with and without a prompt's opening, at length 1", async () => {
  const rows: Readonly<Record<string, readonly number[]>> = {
    hen: [1, 0],
    "a photo of hen": [0, 1],
    farm: [1, 0],
    "a photo of farm": [1, 0],
  };
  const embed = (given: readonly string[]): Promise<Float32Array> =>
    Promise.resolve(Float32Array.from(given.flatMap((text) => rows[text]!)));
  const { embeddings } = await captionParts(captions, 2, embed);
  [Math.SQRT1_2, Math.SQRT1_2, 1, 0].forEach((value, i) => expect(embeddings[i]).toBeCloseTo(value, 6));
});
