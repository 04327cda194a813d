import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/errors.ts";
import { compareWithStarts, differencePicture, meanDifference } from "../../src/experiment/differences.ts";
import { boomerangSection } from "../../src/experiment/report-images.ts";
import { madeUpResults } from "./made-up-results.ts";

const picture = (...data: number[]) => ({ width: 1, height: 1, data: Uint8Array.from(data) });

describe("two pictures", () => {
  test("differ by the mean of their absolute differences, either way round", () => {
    expect(meanDifference(picture(10, 20, 30), picture(13, 14, 30))).toBe(3);
    expect(meanDifference(picture(13, 14, 30), picture(10, 20, 30))).toBe(3);
  });

  test("give a picture of their difference, multiplied and cut at white", () => {
    const { data } = differencePicture(picture(10, 200, 30), picture(13, 100, 30), 5);
    expect([...data]).toEqual([15, 255, 0]);
  });

  test("must be of one size", () => {
    const wide = { width: 2, height: 1, data: new Uint8Array(6) };
    expect(() => meanDifference(wide, picture(0, 0, 0))).toThrow(ShapeError);
    expect(() => differencePicture(wide, picture(0, 0, 0), 5)).toThrow(ShapeError);
  });
});

describe("a condition", () => {
  const dataset = {
    ...{ name: "two", resolution: 1, lowData: { "real-10": [], "real-20": [] } },
    classes: [
      { key: "bat", name: "bat" },
      { key: "eel", name: "eel" },
    ],
    samples: ["a", "b", "c"].map((id, i) => {
      return { id, classIndex: i === 2 ? 1 : 0, split: "train" as const, icon: id, vendor: "v" };
    }),
    pixels: Uint8Array.of(0, 0, 0, 100, 100, 100, 50, 50, 50),
  };
  const made = (id: string, grey: number, from?: string) => {
    const origin = from === undefined ? {} : { from };
    const provenance = { kind: "generated" as const, prompt: "", sample: 0, seed: 1, ...origin };
    return { id, image: picture(grey, grey, grey), provenance };
  };
  const production = (key: string, images: ReturnType<typeof made>[]) => {
    return { key, images, funnel: {}, shortfall: 0, hash: "" };
  };

  test("is compared image by image with the picture that its provenance names", () => {
    const bats = production("bat", [made("0", 8, "a"), made("1", 96, "b"), made("2", 6, "a")]);
    const found = compareWithStarts(dataset, [bats, production("eel", [made("0", 60, "c")])]);
    expect(found).toMatchObject({ images: 4, mean: 7, byClass: [6, 10] });
    expect(found.shown).toEqual([
      { classIndex: 0, from: "a", id: "0", difference: 8 },
      { classIndex: 0, from: "b", id: "1", difference: 4 },
      { classIndex: 1, from: "c", id: "0", difference: 10 },
    ]);
  });

  test("leaves images without a start out, and has no mean without any", () => {
    const found = compareWithStarts(dataset, [production("bat", [made("0", 8)]), production("eel", [])]);
    expect(found).toEqual({ images: 0, mean: null, byClass: [null, null], shown: [] });
  });
});

test("the report names the classes that change least and most", () => {
  const boomerang = { images: 9, mean: 7.25, byClass: [9, 4.5, null], shown: [] };
  const html = boomerangSection({ ...madeUpResults, boomerang }, "<svg/>");
  expect(html).toContain("all 9 images the mean absolute difference is 7.3 grey levels");
  expect(html).toContain("from 4.5 (cat) to 9.0 (bird)");
  expect(boomerangSection(madeUpResults, null)).toBe("");
});
