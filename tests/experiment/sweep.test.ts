import { describe, expect, test } from "vitest";
import { summarizeConditions } from "../../src/experiment/record.ts";
import {
  boundsOf,
  curveFigure,
  overridesOf,
  parseAxis,
  sweepCsv,
  sweepPoints,
  sweepText,
} from "../../src/experiment/sweep.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";
import { madeUpResults } from "./made-up-results.ts";

const found = [1, 2].map((value) => ({
  point: [{ path: "sets.ratio", value }],
  results: {
    ...madeUpResults,
    conditions: summarizeConditions([
      { id: "real-10", accuracy: [0.4, 0.42] },
      { id: "retrieval", accuracy: [0.4 + value / 20, 0.44 + value / 20] },
    ]),
  },
}));

test("an axis is a field and a list of YAML values", () => {
  expect(parseAxis("sets.ratio=[0.5, 1]")).toEqual({ path: "sets.ratio", values: [0.5, 1] });
  expect(parseAxis("sets.mix=[union, 'replace:0.5']").values).toEqual(["union", "replace:0.5"]);
  for (const wrong of ["sets.ratio", "sets.ratio=1", "sets.ratio=[]", "=[1]"])
    expect(() => parseAxis(wrong)).toThrow(/--over.*field\.field=\[value, value\]/);
});

test("points are every combination, the last axis fastest, and become overrides that a spec takes", () => {
  const points = sweepPoints([parseAxis("sets.ratio=[1, 2]"), parseAxis("sets.mix=[union, 'replace:0.5']")]);
  expect(points.map(overridesOf)).toEqual([
    ["sets.ratio=1", 'sets.mix="union"'],
    ["sets.ratio=1", 'sets.mix="replace:0.5"'],
    ["sets.ratio=2", 'sets.mix="union"'],
    ["sets.ratio=2", 'sets.mix="replace:0.5"'],
  ]);
  expect(parseSpec("", "spec", overridesOf(points[3]!)).sets).toMatchObject({ ratio: 2, mix: "replace:0.5" });
});

test("the table has a line a point, the CSV one a point and condition", () => {
  expect(sweepText(found).split("\n")).toEqual([
    "sets.ratio  real-10     retrieval",
    "1           41.0 ± 1.0  47.0 ± 2.0",
    "2           41.0 ± 1.0  52.0 ± 2.0",
  ]);
  const lines = sweepCsv(found).trim().split("\r\n");
  expect(lines[0]).toBe("sets.ratio,condition,n,mean,standard_error,classes,classes_left_out,worst_case,best_case");
  expect(lines).toHaveLength(5);
  expect(lines[4]).toMatch(/^2,retrieval,2,0\.52,0\.02\d*,3,0,0\.52,0\.52$/);
});

test("the curve needs one field of at least two numbers", () => {
  expect(curveFigure(found)).toContain("+ retrieved");
  expect(curveFigure(found)).not.toContain("NaN");
  expect(curveFigure(found.slice(0, 1))).toBeNull();
  expect(curveFigure(found.map((one) => ({ ...one, point: [{ path: "sets.mix", value: "union" }] })))).toBeNull();
});

test("a field's values keep their distances, however small they are", () => {
  const rates = [5e-7, 1e-6, 2e-6].map((value, i) => {
    return { ...found[i % 2]!, point: [{ path: "methods.imagic.denoiserRate", value }] };
  });
  const svg = curveFigure(rates)!;
  const places = [...svg.matchAll(/translate\(([\d.]+),/g)].map(([, x]) => Number(x));
  const [first, second, third] = [...new Set(places)].filter((x) => x < 511).sort((a, b) => a - b);
  expect((third! - second!) / (second! - first!)).toBeCloseTo(2, 1);
  expect(third! - first!).toBeGreaterThan(300);
});

describe("classes that were left out", () => {
  // The paper's ten more: 983 classes of 990 were scored, with 50 test images each.
  const left = { ...madeUpResults, images: { test: 983 * 50 }, excludedTestImages: { a: 200, b: 150 } };

  test("bound the accuracy over all classes: none of their test images right, or every one", () => {
    const { worst, best } = boundsOf(0.6, left);
    expect(worst).toBeCloseTo((983 / 990) * 0.6, 12);
    expect(best).toBeCloseTo((983 / 990) * 0.6 + 7 / 990, 12);
  });

  test("leave no doubt where there are none, or where results do not count their images", () => {
    expect(boundsOf(0.6, { ...madeUpResults, excludedTestImages: {} })).toEqual({ worst: 0.6, best: 0.6 });
    expect(boundsOf(0.6, madeUpResults)).toEqual({ worst: 0.6, best: 0.6 });
  });

  test("give the curve a band for each condition, and only then", () => {
    expect(curveFigure(found)).not.toContain("fill-opacity");
    const short = found.map(({ point, results }, i) => {
      const missing = i === 0 ? {} : { excluded: { eel: "retrieval found 3 of 4" }, excludedTestImages: { eel: 20 } };
      return { point, results: { ...results, ...missing } };
    });
    const svg = curveFigure(short)!;
    expect(svg.match(/fill-opacity/g)).toHaveLength(2);
    expect(svg).toContain("classes that were left out");
    expect(svg).not.toContain("NaN");
    expect(sweepCsv(short)).toMatch(new RegExp(`^2,retrieval,2,.*,1,${String((0.52 * 200) / 220)},`, "m"));
  });
});
