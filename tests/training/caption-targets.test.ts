import { expect, test } from "vitest";
import { captionTargets } from "../../src/training/caption-targets.ts";

test("a caption's target is the mean of its parts, said with and without a prompt's opening, at length 1", async () => {
  const asked: string[] = [];
  const rows: Readonly<Record<string, readonly number[]>> = {
    hen: [1, 0],
    "a photo of hen": [0, 1],
    farm: [1, 0],
    "a photo of farm": [1, 0],
  };
  const targets = await captionTargets(["hen, farm", "farm", "hen"], (texts) => {
    asked.push(...texts);
    return Promise.resolve(Float32Array.from(texts.flatMap((text) => rows[text]!)));
  });
  expect(asked).toEqual(["hen", "a photo of hen", "farm", "a photo of farm"]);
  const expected = [3 / Math.sqrt(10), 1 / Math.sqrt(10), 1, 0, Math.SQRT1_2, Math.SQRT1_2];
  expected.forEach((value, i) => expect(targets[i]).toBeCloseTo(value, 6));
});
