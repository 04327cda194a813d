import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { replacedShare, reportOverlap, resampleSets, type ClassImages, type Mix } from "../../src/experiment/sets.ts";

const images = (key: string, real: number, produced: number): ClassImages => ({
  key,
  real: Array.from({ length: real }, (_, i) => `${key}-real-${String(i)}`),
  produced: Array.from({ length: produced }, (_, i) => `${key}-made-${String(i)}`),
});
const classes = [images("bird", 10, 30), images("cat", 7, 21)];
const union = { n: 3, seed: 1, mix: "union" as const };

describe("resampleSets", () => {
  test("adds as many images as the class has real ones, none twice in a set", () => {
    for (const set of resampleSets(classes, union)) {
      expect(set.classes.map(({ added }) => added.length)).toEqual([10, 7]);
      for (const { added } of set.classes) expect(new Set(added).size).toBe(added.length);
      expect(set.classes.map(({ real }) => real)).toEqual(classes.map(({ real }) => real));
    }
  });

  test("a set is the same however many are drawn, and differs from its neighbours", () => {
    const three = resampleSets(classes, union);
    expect(resampleSets(classes, { ...union, n: 1 })[0]).toEqual(three[0]);
    expect(three[1]?.classes[0]?.added).not.toEqual(three[0]?.classes[0]?.added);
    expect(resampleSets(classes, { ...union, seed: 2 })[0]).not.toEqual(three[0]);
  });

  test("a class does not depend on the classes beside it", () => {
    expect(resampleSets(classes.slice(1), union)[2]?.classes[0]).toEqual(resampleSets(classes, union)[2]?.classes[1]);
  });

  test("replacing keeps the class's size", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom<Mix>("replace:0.25", "replace:0.5", "replace:1"),
        (real, mix) => {
          const [set] = resampleSets([images("c", real, 60)], { n: 1, seed: 3, mix });
          const drawn = set?.classes[0];
          const wanted = Math.round(real * (replacedShare(mix) ?? NaN));
          expect(drawn?.added.length).toBe(wanted);
          expect(new Set(drawn?.real).size).toBe(real - wanted);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("drawing the best takes them in order, at any ratio", () => {
    const [set] = resampleSets(classes, { ...union, ratio: 0.5, draw: "best" });
    expect(set?.classes[0]?.added).toEqual(classes[0]?.produced.slice(0, 5));
  });

  test("what is missing is counted, not made up", () => {
    const [set] = resampleSets([images("rare", 9, 4)], union);
    expect(set?.classes[0]).toMatchObject({ shortfall: 5 });
    expect(new Set(set?.classes[0]?.added).size).toBe(4);
  });

  test("options out of range are refused", () => {
    expect(() => resampleSets(classes, { ...union, n: 0 })).toThrow(ConfigError);
    expect(() => resampleSets(classes, { ...union, ratio: 0 })).toThrow(ConfigError);
    for (const mix of ["replace:0", "replace:1.5", "replace:x", "both"])
      expect(() => replacedShare(mix)).toThrow(ConfigError);
  });
});

describe("reportOverlap", () => {
  test("is 1 when the pool is no larger than a set", () => {
    const overlap = reportOverlap(resampleSets([images("bird", 10, 10)], union));
    expect(overlap).toEqual({ meanJaccard: 1, distinct: 10, shortfall: {} });
  });

  test("three thirds of a pool overlap by about a fifth", () => {
    const overlap = reportOverlap(resampleSets([images("bird", 300, 900)], union));
    // Two random thirds share a ninth of the pool: (1/9) / (2/3 - 1/9) = 0.2; its deviation here is below 0.02.
    expect(overlap.meanJaccard).toBeGreaterThan(0.15);
    expect(overlap.meanJaccard).toBeLessThan(0.25);
    expect(overlap.distinct).toBeGreaterThan(600);
  });

  test("names the classes that fall short", () => {
    const overlap = reportOverlap(resampleSets([images("rare", 9, 4), images("bird", 3, 9)], { ...union, n: 1 }));
    expect(overlap).toMatchObject({ meanJaccard: null, shortfall: { rare: 5 } });
  });
});
