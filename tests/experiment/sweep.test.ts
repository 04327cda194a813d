import { expect, test } from "vitest";
import { summarizeConditions } from "../../src/experiment/record.ts";
import { curveFigure, overridesOf, parseAxis, sweepCsv, sweepPoints, sweepText } from "../../src/experiment/sweep.ts";
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
  expect(lines[0]).toBe("sets.ratio,condition,n,mean,standard_error");
  expect(lines).toHaveLength(5);
  expect(lines[4]).toMatch(/^2,retrieval,2,0\.52,0\.02/);
});

test("the curve needs one field of at least two numbers", () => {
  expect(curveFigure(found)).toContain("+ retrieved");
  expect(curveFigure(found)).not.toContain("NaN");
  expect(curveFigure(found.slice(0, 1))).toBeNull();
  expect(curveFigure(found.map((one) => ({ ...one, point: [{ path: "sets.mix", value: "union" }] })))).toBeNull();
});
