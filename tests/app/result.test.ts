import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { linearAxis, logAxis, roundStep } from "../../src/experiment/axis.ts";
import { checkPrediction } from "../../src/app/steps/result/check-prediction.ts";
import { flipsOf, ofFirstSets, openOnes, setsOf } from "../../src/app/steps/result/first-sets.ts";
import { besideHeadline, headlineText } from "../../src/app/steps/result/headline.ts";
import { accuracyAxis, intervalOf, scoreText } from "../../src/app/steps/result/intervals.ts";
import { markText } from "../../src/app/steps/result/plot-row.tsx";
import { resultTable } from "../../src/app/steps/result/rows.ts";
import { comparedRows, orderLikePaper } from "../../src/app/steps/result/sources-compared.ts";
import type { ConditionId } from "../../src/experiment/conditions.ts";
import { summarizeConditions, type ConditionResult, type Results } from "../../src/experiment/record.ts";
import { pairedDifference, standardError } from "../../src/experiment/statistics.ts";

const summarize = (scores: Readonly<Record<string, readonly number[]>>): ConditionResult[] =>
  summarizeConditions(Object.entries(scores).map(([id, accuracy]) => ({ id: id as ConditionId, accuracy })));

/** Retrieval leads by much; CLIP's prompts by little less, which two sets cannot tell and five can. */
const five = summarize({
  "real-10": [0.4, 0.41, 0.39, 0.405, 0.395],
  "clip-prompts": [0.45, 0.462, 0.441, 0.456, 0.449],
  retrieval: [0.47, 0.472, 0.461, 0.466, 0.469],
  "real-20": [0.58, 0.59, 0.57, 0.585, 0.575],
});

describe("fewer sets", () => {
  test("all sets give what the run has written, and are counted", () => {
    expect(setsOf(five)).toBe(5);
    expect(ofFirstSets(five, 5)).toBe(five);
  });

  test("the first sets give means, errors and paired gaps of those alone, in the same order", () => {
    const two = ofFirstSets(five, 2);
    expect(two.map(({ id, n }) => [id, n])).toEqual(five.map(({ id }) => [id, 2]));
    expect(two[1]!.standardError).toBe(standardError([0.45, 0.462]));
    expect(two[1]!.gapToRetrieval).toEqual(pairedDifference([0.45, 0.462], [0.47, 0.472]));
  });

  test("a sentence that two sets cannot say and five can turns", () => {
    const two = ofFirstSets(five, 2);
    const flip = flipsOf(two, five).find(({ id }) => id === "clip-prompts");
    expect(flip).toEqual({ id: "clip-prompts", few: "not separable at n = 2", all: "below retrieval" });
    expect(openOnes(two).length).toBeGreaterThan(openOnes(five).length);
    expect(flipsOf(five, five)).toEqual([]);
  });

  test("the same verdict at another n is no flip", () => {
    const open = summarize({ "clip-prompts": [0.4, 0.5, 0.45], retrieval: [0.5, 0.4, 0.46] });
    expect(flipsOf(ofFirstSets(open, 2), open)).toEqual([]);
  });
});

describe("what is around a mean", () => {
  test("an error, a t interval and the classifiers' range each hold the mean, the t interval more than the error", () => {
    const [se, t, seeds] = (["se", "t", "seeds"] as const).map((kind) => intervalOf(five[2]!, kind));
    expect(se!.high - se!.mean).toBeCloseTo(five[2]!.standardError!, 12);
    // Student's t at 0.975 with 4 degrees of freedom.
    expect((t!.high - t!.mean) / (se!.high - se!.mean)).toBeCloseTo(2.776, 3);
    expect([seeds!.low, seeds!.high]).toEqual([0.461, 0.472]);
  });

  test("it is said as it is drawn", () => {
    expect(scoreText(five[2]!, "se")).toBe("46.8 ± 0.2");
    expect(scoreText(five[2]!, "seeds")).toBe("46.8 (46.1 to 47.2)");
    expect(scoreText(summarize({ retrieval: [0.1, 0.5] })[0]!, "t")).toBe("30.0 [−224.1, 284.1]");
    expect(scoreText(summarize({ retrieval: [0.5] })[0]!, "t")).toBe("50.0");
  });

  test("the axis of bars begins at zero, that of dots near the values, and both hold every classifier", () => {
    const [dots, bars] = [accuracyAxis(five, "t", false), accuracyAxis(five, "t", true)];
    expect(bars.low).toBe(0);
    expect(dots.low).toBeGreaterThan(0.3);
    for (const axis of [dots, bars])
      for (const { accuracy } of five)
        for (const value of accuracy) expect([axis.at(value) >= 0, axis.at(value) <= 100]).toEqual([true, true]);
  });
});

describe("the answer in a sentence", () => {
  test("where retrieval leads and all others are told apart, it helped most", () => {
    expect(headlineText(five)).toBe(
      "Retrieved images helped most: 46.8 % of the test pictures right, separable from every other method at n = 5.",
    );
    expect(besideHeadline(five)[0]).toContain("above 10 % real");
  });

  test("with fewer sets the same means are not called a win", () => {
    expect(headlineText(ofFirstSets(five, 2))).toContain(
      "at n = 2 these cannot be told from them: generated (CLIP prompts)",
    );
    expect(headlineText(ofFirstSets(five, 2))).not.toContain("helped most");
  });

  test("where generation leads within its interval, it cannot be told from retrieval", () => {
    const run = summarize({
      "real-10": [0.36, 0.3, 0.4],
      "clip-prompts": [0.41, 0.43, 0.44],
      retrieval: [0.42, 0.38, 0.41],
    });
    expect(headlineText(run)).toContain("cannot be told from retrieved ones, 40.3 %");
    expect(besideHeadline(run)).toEqual([expect.stringContaining("not separable at n = 3")]);
  });

  test("a lead that does not stand among all comparisons is doubted", () => {
    const retrieval = [0.4, 0.41, 0.39, 0.4];
    const run = summarize({
      retrieval,
      "clip-prompts": [0.42, 0.417, 0.411, 0.408],
      "simple-prompt": [0.41, 0.39, 0.4, 0.4],
      imagic: [0.4, 0.42, 0.38, 0.4],
    });
    const best = run.find(({ id }) => id === "clip-prompts")!;
    expect(best.gapToRetrieval!.separable).toBe(true);
    expect(best.pToRetrieval!.holm).toBeGreaterThan(0.05);
    expect(besideHeadline(run)).toEqual([expect.stringContaining("may be luck")]);
  });

  test("one classifier each, no retrieval and no added images are said as they are", () => {
    expect(headlineText(summarize({ retrieval: [0.5], "clip-prompts": [0.6] }))).toContain("nothing can be said");
    expect(headlineText(summarize({ "clip-prompts": [0.6, 0.7] }))).toContain("no retrieved images");
    expect(headlineText(summarize({ "real-10": [0.6, 0.7] }))).toContain("added no images");
  });
});

describe("a prediction", () => {
  test("counts its pairs, and those that the run can tell apart", () => {
    const check = checkPrediction(["clip-prompts", "retrieval", "real-10", "imagic"], five)!;
    expect(check.predicted).toEqual(["clip-prompts", "retrieval", "real-10"]);
    expect(check.measured).toEqual(["retrieval", "clip-prompts", "real-10"]);
    expect(check.tau).toBeCloseTo(1 / 3, 12);
    expect([check.pairs, check.right, check.told, check.toldRight]).toEqual([3, 2, 3, 2]);
  });

  test("counts pairs of equal means as tied, in neither order, though their means differ by rounding", () => {
    const tied = summarize({ retrieval: [0.1, 0.2, 0.3], "ft-conditioning": [0.3, 0.2, 0.1], "real-10": [0, 0.1, 0] });
    expect(tied[0]!.mean).not.toBe(tied[1]!.mean);
    for (const order of [
      ["retrieval", "ft-conditioning", "real-10"],
      ["ft-conditioning", "retrieval", "real-10"],
    ]) {
      const { pairs, right, tied: equal, tau } = checkPrediction(order, tied)!;
      expect([pairs, right, equal, tau]).toEqual([3, 2, 1, 2 / 3]);
    }
  });

  test("of fewer than two measured conditions is no order", () => {
    expect(checkPrediction(["imagic", "retrieval"], five)).toBeNull();
  });
});

describe("rows", () => {
  test("a mark is read as name, mean, error, n and gain", () => {
    expect(markText(five[2]!, five[0]!.mean)).toBe(
      "Retrieved, 46.8 percent, standard error 0.2, n 5, 6.8 above 10 % real",
    );
    expect(markText(five[0]!, five[0]!.mean)).toBe("10 % real, 40.0 percent, standard error 0.4, n 5");
  });

  test("the table of the recorded run has a row a condition and no gap for retrieval itself", async () => {
    const results = JSON.parse(await readFile("tests/fixtures/recorded/demo/results.json", "utf8")) as Results;
    const { head, rows } = resultTable(results.conditions, results.production);
    expect(rows.map((row) => row.length)).toEqual(results.conditions.map(() => head.length));
    const retrieval = rows.find(([name]) => name === "+ retrieved")!;
    expect(retrieval.slice(6, 10)).toEqual(["–", "the reference", "–", "–"]);
    expect(retrieval.at(-1)).toBe("0.59");
  });

  test("the paper's numbers stand beside a run's, never in their place", () => {
    const rows = comparedRows(five, null);
    const clip = rows.find(({ id }) => id === "clip-prompts")!;
    expect([clip.shown?.mean, clip.reference, clip.paper?.mean]).toEqual([five[1]!.mean, null, 60.9]);
    expect(clip.paperGain).toBeCloseTo(3.7, 12);
    expect(rows.find(({ id }) => id === "imagic")).toMatchObject({ shown: null, paper: { mean: 61 } });
    expect(rows.some(({ id }) => id === "da-fusion")).toBe(false);
  });

  test("a run that orders as the paper does agrees with it fully", () => {
    expect(orderLikePaper(five)).toEqual({ tau: 1, shared: 2 });
    expect(orderLikePaper(summarize({ retrieval: [0.5, 0.5] }))).toBeNull();
  });
});

describe("an axis", () => {
  test("has round ticks and holds both ends", () => {
    const axis = linearAxis(0.283, 0.451);
    expect(axis.low).toBeLessThanOrEqual(0.283);
    expect(axis.high).toBeGreaterThanOrEqual(0.451);
    expect(axis.ticks.map((tick) => Math.round(100 * tick))).toEqual([25, 30, 35, 40, 45, 50]);
    expect([roundStep(0.17, 6), roundStep(1, 10), roundStep(7, 3)]).toEqual([0.05, 0.1, 5]);
  });

  test("of equal values still has a length", () => {
    const axis = linearAxis(0.5, 0.5);
    expect(axis.high).toBeGreaterThan(axis.low);
  });

  test("by logarithm puts powers of ten at equal distances", () => {
    const axis = logAxis(0.5, 200);
    expect(axis.ticks).toEqual([0.1, 1, 10, 100, 1000]);
    expect([0.1, 1, 1000].map(axis.at)).toEqual([0, 25, 100]);
  });
});
