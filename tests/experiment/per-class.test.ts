import { describe, expect, test } from "vitest";
import { classesFigure, orderedClasses } from "../../src/experiment/figure-classes.ts";
import { classResults } from "../../src/experiment/per-class.ts";
import { classesCsv } from "../../src/experiment/result-tables.ts";
import { madeUpResults } from "./made-up-results.ts";

const labels = [0, 0, 1, 1];
const results = classResults(
  [
    { id: "real-10", predictions: [Uint32Array.of(0, 1, 0, 0), Uint32Array.of(0, 1, 1, 0)] },
    { id: "retrieval", predictions: [Uint32Array.of(0, 0, 1, 0), Uint32Array.of(1, 0, 1, 0)] },
    { id: "real-20", predictions: [Uint32Array.of(0, 0, 1, 1)] },
  ],
  labels,
  2,
  1,
);

describe("class results", () => {
  test("accuracy is the mean over classifiers and the class's images", () => {
    expect(results.map(({ accuracy }) => accuracy)).toEqual([
      [0.5, 0.25],
      [0.75, 0.5],
      [1, 1],
    ]);
  });

  test("improvement is paired with 10 % real; without as many classifiers there is none", () => {
    expect(results[0]!.improvement).toBeNull();
    expect(results[1]!.improvement!.map(({ mean }) => mean)).toEqual([0.25, 0.25]);
    expect(results[2]!.improvement).toBeNull();
  });

  test("a class that loses on one image what it gains on another is where it was, without rounding", () => {
    // Of five classifiers two and two are right before, three and one after: 0.6 − 0.4 + 0.2 − 0.4 is not 0 in f64.
    const rows = (first: number, second: number): Uint32Array[] =>
      [0, 1, 2, 3, 4].map((i) => Uint32Array.of(Number(i >= first), Number(i >= second)));
    const [, after] = classResults(
      [
        { id: "real-10", predictions: rows(2, 2) },
        { id: "retrieval", predictions: rows(3, 1) },
      ],
      [0, 0],
      1,
      1,
    );
    expect(after!.improvement![0]!.mean).toBe(0);
  });

  test("a class is confused with what its missed images are most often taken for", () => {
    expect(results[0]!.confusedWith).toEqual([1, 0]);
    expect(results[2]!.confusedWith).toEqual([null, null]);
  });

  test("predictions that are not as many as the test images are refused", () => {
    expect(() => classResults([{ id: "real-10", predictions: [Uint32Array.of(0)] }], labels, 2, 1)).toThrow(
      /predictions.*\[4\].*\[1\]/,
    );
  });
});

test("the figure orders classes by what retrieval gains them and shows both ends of many", () => {
  const improvement = Array.from({ length: 30 }, (_, i) => ({ mean: i / 100, low: 0, high: 1 }));
  const many = [{ id: "retrieval" as const, accuracy: [], confusedWith: [], improvement }];
  const order = orderedClasses(many, "retrieval");
  expect(order).toHaveLength(24);
  expect([order[0], order[11], order[12], order[23]]).toEqual([29, 18, 11, 0]);
  const figure = classesFigure(madeUpResults.perClass, madeUpResults.classes);
  expect(figure).toContain("&lt;b&gt;fish&lt;/b&gt; &amp; chips");
  expect(figure).not.toContain("NaN");
});

test("the figure counts no class as gaining whose gain is the rounding of shares", () => {
  const improvement = [0.1, 2.5e-18, -0.1].map((mean) => ({ mean, low: mean - 0.05, high: mean + 0.05 }));
  const figure = classesFigure([{ id: "retrieval", accuracy: [], confusedWith: [], improvement }], ["a", "b", "c"]);
  expect(figure).toContain("1 of 3 classes gain");
});

test("ticks less than a point apart are told apart, and long names keep their beginnings", () => {
  const improvement = [{ mean: 0.001, low: -0.018, high: 0.021 }];
  const small = [{ id: "retrieval" as const, accuracy: [], confusedWith: [], improvement }];
  const figure = classesFigure(small, ["great white shark, white shark, man-eater, man-eating shark"]);
  const ticks = [...figure.matchAll(/font-size="12">(−?[\d.]+)</g)].map(([, text]) => text);
  expect(ticks).toEqual(["−2.0", "−1.5", "−1.0", "−0.5", "0", "0.5", "1.0", "1.5", "2.0", "2.5"]);
  expect(figure).toContain(">great white shark, whit…<");
});

test("the table of classes has a line for each condition and class", () => {
  const lines = classesCsv(madeUpResults).trim().split("\r\n");
  expect(lines).toHaveLength(1 + 2 * 3);
  expect(lines[4]).toMatch(/^retrieval,bird,1,0\.5,[\d.]+,[\d.]+,$/);
});
