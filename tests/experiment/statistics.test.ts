import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/errors.ts";
import {
  bootstrapInterval,
  digitsOf,
  gapInWords,
  holm,
  mean,
  meanJaccard,
  orderOf,
  pairedDifference,
  pairedPValue,
  standardDeviation,
  standardError,
  tInterval,
} from "../../src/experiment/statistics.ts";
import { incompleteBeta, studentTQuantile, studentTTails } from "../../src/experiment/student-t.ts";
import { RandomStream } from "../../src/random.ts";
import fixture from "../fixtures/experiment/statistics.json" with { type: "json" };

/** Relative, with an absolute floor: the continued fraction loses a few of f64's 16 digits. */
function expectClose(actual: number, expected: number, tolerance = 1e-10): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1e-3, Math.abs(expected)));
}

describe("Student's t agrees with scipy", () => {
  test("incomplete beta", () => {
    for (const { x, a, b, value } of fixture.betas) expectClose(incompleteBeta(x, a, b), value, 1e-9);
  });
  test("quantiles", () => {
    for (const { p, freedom, value } of fixture.quantiles) expectClose(studentTQuantile(p, freedom), value, 1e-9);
  });
  test("two-sided tails", () => {
    for (const { t, freedom, value } of fixture.tails) expectClose(studentTTails(t, freedom), value, 1e-9);
  });
  test("no degree of freedom is refused", () => {
    expect(() => studentTQuantile(0.9, 0)).toThrow(ShapeError);
  });
});

describe("samples agree with numpy and scipy", () => {
  test.each(fixture.samples)("n = $values.length", ({ values, sd, se, intervals, other, paired, p }) => {
    expectClose(standardDeviation(values), sd);
    expectClose(standardError(values), se);
    for (const expected of intervals) {
      const interval = tInterval(values, expected.confidence);
      expectClose(interval.mean, expected.mean);
      expectClose(interval.low, expected.low);
      expectClose(interval.high, expected.high);
    }
    const gap = pairedDifference(values, other);
    expectClose(gap.mean, paired.mean);
    expectClose(gap.low, paired.low);
    expectClose(gap.high, paired.high);
    expect(gap.separable).toBe(p < 0.05);
    expectClose(pairedPValue(values, other)!, p, 1e-9);
  });

  test.each(fixture.bootstraps)("bootstrap of $values.length pairs", ({ values, other, low, high }) => {
    const { bootstrap, ...gap } = pairedDifference(values, other);
    // 2.5 % of 2000 resamples are 50 ± 7, which moves an end by at most a few hundredths of the width. Of two or three
    // values more than 2.5 % of all resamples are the end itself, so nothing moves.
    const tolerance = values.length <= 3 ? 1e-12 : 0.05 * (high - low);
    expect(Math.abs(bootstrap!.low - low)).toBeLessThan(tolerance);
    expect(Math.abs(bootstrap!.high - high)).toBeLessThan(tolerance);
    expect(bootstrap!.high - bootstrap!.low).toBeLessThan(gap.high - gap.low);
    expect(pairedDifference(values, other).bootstrap).toEqual(bootstrap);
  });

  test("too few values are refused", () => {
    expect(() => mean([])).toThrow(ShapeError);
    expect(() => standardError([1])).toThrow(ShapeError);
    expect(() => pairedDifference([1, 2], [1])).toThrow(ShapeError);
    expect(() => pairedPValue([1, 2], [1, 2, 3])).toThrow(ShapeError);
  });
});

describe("pairedDifference", () => {
  test("sees through what pairs have in common", () => {
    const reference = [10, 50, 90];
    const gap = pairedDifference([11, 51.1, 90.9], reference);
    expect(gap.mean).toBeCloseTo(1, 12);
    expect(gap.separable).toBe(true);
  });
  test("an exact tie is not separable", () => {
    expect(pairedDifference([1, 2, 3], [1, 2, 3]).separable).toBe(false);
    expect(pairedPValue([1, 2, 3], [1, 2, 3])).toBeNull();
  });
  // Shares of right test pictures, whose differences are equal but for rounding.
  test.each([
    [2, [9 / 32, 13 / 32], [5 / 32, 9 / 32]],
    [3, [0.7, 0.8, 0.9], [0.5, 0.6, 0.7]],
  ] as const)("%i pairs that differ by the same amount say nothing: no test, not separable", (n, values, reference) => {
    const gap = pairedDifference(values, reference);
    expect(gap.mean).toBeGreaterThan(0);
    expect(gap.separable).toBe(false);
    expect(pairedPValue(values, reference)).toBeNull();
    expect(gapInWords(gap, n)).toBe(`not separable at n = ${String(n)} (no spread)`);
  });
});

describe("bootstrapInterval", () => {
  const values = fixture.samples[3]?.values ?? [];
  test("repeats by seed", () => {
    const draw = (seed: number) => bootstrapInterval(values, new RandomStream(seed, "bootstrap"));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });
  test("is close to the t interval of 30 normal numbers", () => {
    const boot = bootstrapInterval(values, new RandomStream(1, "bootstrap"), { resamples: 5000 });
    const exact = tInterval(values);
    // The percentile bootstrap is narrower by about sqrt((n-1)/n) and t against normal: 6 % of the width at n = 30.
    expect(Math.abs(boot.low - exact.low)).toBeLessThan(0.1 * (exact.high - exact.low));
    expect(Math.abs(boot.high - exact.high)).toBeLessThan(0.1 * (exact.high - exact.low));
  });
  test("of 400 uniform numbers is the normal one within a tenth", () => {
    const random = new RandomStream(4, "values");
    const uniform = Array.from({ length: 400 }, () => random.uniform());
    const { mean: centre, low, high } = bootstrapInterval(uniform, new RandomStream(1, "draws"));
    const half = 1.96 * Math.sqrt(1 / 12 / 400);
    expect(Math.abs(high - centre - half)).toBeLessThan(half / 10);
    expect(Math.abs(centre - low - half)).toBeLessThan(half / 10);
  });
  test("one repeated value has an interval of no width", () => {
    expect(bootstrapInterval([4, 4, 4], new RandomStream(0, "b"))).toEqual({ mean: 4, low: 4, high: 4 });
  });
});

describe("holm", () => {
  test("agrees with the step-down definition in numpy", () => {
    for (const { p, adjusted } of fixture.holm) holm(p).forEach((value, i) => expectClose(value, adjusted[i] ?? NaN));
  });
  test("worked example: 0.01, 0.04, 0.03 become 0.03, 0.06, 0.06", () => {
    const adjusted = holm([0.01, 0.04, 0.03]);
    [0.03, 0.06, 0.06].forEach((value, i) => expect(adjusted[i]).toBeCloseTo(value, 12));
  });
  test("of nothing is nothing", () => expect(holm([])).toEqual([]));
});

describe("what is zero but for the rounding of shares", () => {
  test("is the same as zero", () => {
    expect([orderOf(3e-18, 0), orderOf(-3e-18, 0), orderOf(0.001, 0), orderOf(-0.001, 0)]).toEqual([0, 0, 1, -1]);
  });

  test("needs no more digits than zero as an interval's end; an end beside zero does", () => {
    expect([digitsOf({ low: 3e-18, high: 0.08 }), digitsOf({ low: -0.14, high: -3e-18 })]).toEqual([1, 1]);
    expect(digitsOf({ low: 0.0003, high: 0.08 })).toBe(2);
  });
});

describe("words", () => {
  test("an interval that holds zero is not separable at its n", () => {
    const gap = pairedDifference([1, 2, 3], [2, 1, 3.1]);
    expect(gapInWords(gap, 3)).toBe("not separable at n = 3");
  });
  test("one that does not is above or below", () => {
    expect(gapInWords(pairedDifference([2, 3, 4.01], [1, 2, 3]), 3)).toBe("above retrieval");
    expect(gapInWords(pairedDifference([1, 2, 3], [2, 3, 4.01]), 3, "10 % real")).toBe("below 10 % real");
  });
});

describe("meanJaccard", () => {
  test("averages over pairs of sets", () => {
    const sets = [new Set([1, 2]), new Set([2, 3]), new Set([1, 2])];
    expect(meanJaccard(sets)).toBeCloseTo((1 / 3 + 1 + 1 / 3) / 3, 12);
    expect(meanJaccard([new Set(), new Set()])).toBe(1);
    expect(() => meanJaccard([new Set([1])])).toThrow(ShapeError);
  });
});
