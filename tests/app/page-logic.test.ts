import { describe, expect, test } from "vitest";
import { remainingRange } from "../../src/app/eta.ts";
import {
  bytesText,
  durationText,
  endsText,
  intervalTexts,
  numberText,
  percentText,
  pointsText,
} from "../../src/app/format.ts";
import { kendallTau } from "../../src/app/kendall.ts";
import { expectedSeconds, presets } from "../../src/app/presets.ts";
import { readCurves } from "../../src/app/runs/run-view.ts";
import { ShapeError } from "../../src/errors.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";

describe("Kendall's tau", () => {
  const scores = new Map([
    ["a", 0.5],
    ["b", 0.4],
    ["c", 0.3],
    ["d", 0.3],
  ]);

  test("the same order is 1, its reverse -1, and one swap of three a third", () => {
    expect(kendallTau(["a", "b", "c"], scores)).toBe(1);
    expect(kendallTau(["c", "b", "a"], scores)).toBe(-1);
    expect(kendallTau(["b", "a", "c"], scores)).toBeCloseTo(1 / 3, 12);
  });

  test("pairs of equal scores count as neither", () => {
    expect(kendallTau(["a", "b", "c", "d"], scores)).toBeCloseTo(5 / 6, 12);
    expect(kendallTau(["c", "d"], scores)).toBe(0);
    // Two means of the same right answers, added in another order.
    expect(
      kendallTau(
        ["a", "b"],
        new Map([
          ["a", 0.6612903225806451],
          ["b", 0.6612903225806452],
        ]),
      ),
    ).toBe(0);
  });

  test("an id without a score, and a single id, are refused", () => {
    expect(() => kendallTau(["a", "x"], scores)).toThrow(ShapeError);
    expect(() => kendallTau(["a"], scores)).toThrow(ShapeError);
  });
});

describe("the time that is left", () => {
  test("nothing is said before three units", () => {
    expect(remainingRange([1, 2], 5)).toBeNull();
  });

  test("equal units leave no doubt, unequal ones a range around their mean", () => {
    expect(remainingRange([2, 2, 2], 5)).toEqual({ low: 10, high: 10 });
    const range = remainingRange([1, 2, 3], 10)!;
    expect(range.low).toBeLessThan(20);
    expect(range.high).toBeGreaterThan(20);
    expect((range.low + range.high) / 2).toBeCloseTo(20, 12);
  });
});

describe("numbers as text", () => {
  test("shares, points, spans and sizes read as people write them", () => {
    expect(percentText(0.46129)).toBe("46.1");
    expect([pointsText(0.0204), pointsText(-0.054), pointsText(0)]).toEqual(["+2.0", "−5.4", "0.0"]);
    expect([0.4, 45, 89, 480, 4800, 7200].map(durationText)).toEqual([
      ...["under 1 s", "45 s", "89 s", "8 min", "1 h 20 min", "2 h"],
    ]);
    expect([900, 1400, 1.44e6, 84e6, 2.5e9].map(bytesText)).toEqual(["0.9 kB", "1 kB", "1.4 MB", "84.0 MB", "2.5 GB"]);
    expect(numberText(15474)).toBe("15,474");
  });
});

test("an end beside zero is not written as zero where the interval leaves zero out", () => {
  expect(intervalTexts({ mean: -0.0342, low: -0.0681, high: -0.0003 })).toEqual({
    ...{ mean: "−3.42", low: "−6.81", high: "−0.03" },
  });
  expect(intervalTexts({ mean: -0.034, low: -0.068, high: 0.0003 })).toEqual({
    ...{ mean: "−3.4", low: "−6.8", high: "0.0" },
  });
  expect(endsText({ low: 0.0004, high: 0.02 })).toEqual({ low: "+0.04", high: "+2.00" });
});

describe("the presets", () => {
  test("each is a valid spec", () => {
    for (const { spec } of presets) expect(parseSpec(JSON.stringify(spec)).name).toMatch(/^page-/);
  });

  test("a device twice as fast takes less time, and a larger run more", () => {
    const [demo, lesson] = [presets[0]!, presets[1]!];
    expect(expectedSeconds(demo.amounts, 40).high).toBeLessThan(expectedSeconds(demo.amounts, 20).high);
    expect(expectedSeconds(lesson.amounts, 20).low).toBeGreaterThan(expectedSeconds(demo.amounts, 20).high);
  });
});

test("curves are read line by line, with the epoch that was kept", () => {
  const of = { condition: "real-10", set: 0, seed: 1000 };
  const lines = [
    { ...of, split: "validation", epoch: 1, loss: 2, rate: 0.1, validationAccuracy: 0.25 },
    { ...of, split: "validation", epoch: 2, loss: 1.5, rate: 0.1, trainAccuracy: 0.75, validationAccuracy: 0.5 },
    { ...of, split: "test", epoch: 2, accuracy: 0.4 },
    { ...of, set: 1, split: "validation", epoch: 1, loss: 2.5, rate: 0.1, validationAccuracy: 0.125 },
  ];
  const curves = readCurves(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  expect(curves.map(({ set, bestEpoch, epochs }) => [set, bestEpoch, epochs.length])).toEqual([
    [0, 2, 2],
    [1, null, 1],
  ]);
  expect(curves[0]!.epochs).toEqual([
    { epoch: 1, loss: 2, validationAccuracy: 0.25 },
    { epoch: 2, loss: 1.5, trainAccuracy: 0.75, validationAccuracy: 0.5 },
  ]);
});
