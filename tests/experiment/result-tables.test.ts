import { describe, expect, test } from "vitest";
import {
  classifiersCsv,
  conditionsCsv,
  latexText,
  resultsLatex,
  resultsMarkdown,
} from "../../src/experiment/result-tables.ts";
import { madeUpResults } from "./made-up-results.ts";

const { conditions } = madeUpResults;

describe("CSV", () => {
  test("has every number with all its digits, and nothing where there is none", () => {
    const lines = conditionsCsv(madeUpResults).trimEnd().split("\r\n");
    const head = lines[0]!.split(",");
    const rows = lines.slice(1).map((line) => new Map(line.split(",").map((cell, i) => [head[i]!, cell])));
    expect(rows.map((row) => row.get("condition"))).toEqual(conditions.map(({ id }) => id));
    rows.forEach((row, i) => {
      const { mean, gapToRetrieval: gap, pToRetrieval: p } = conditions[i]!;
      expect(Number(row.get("mean"))).toBe(mean);
      expect(row.get("gap_low")).toBe(gap === null ? "" : String(gap.low));
      const { gapToReal: real } = conditions[i]!;
      expect(row.get("gap_bootstrap_low")).toBe(gap === null ? "" : String(gap.bootstrap!.low));
      expect(row.get("gap_to_real_10_bootstrap_high")).toBe(real === null ? "" : String(real.bootstrap!.high));
      expect(row.get("p_holm")).toBe(p === null ? "" : String(p.holm));
    });
  });

  test("has a line for each classifier", () => {
    const lines = classifiersCsv(madeUpResults).trimEnd().split("\r\n").slice(1);
    expect(lines).toEqual(
      conditions.flatMap(({ id, accuracy }) => accuracy.map((value, set) => `${id},${String(set)},${String(value)}`)),
    );
  });
});

test("Markdown has a row for each condition and as many cells in every line", () => {
  const lines = resultsMarkdown(madeUpResults).trimEnd().split("\n");
  expect(lines).toHaveLength(conditions.length + 2);
  expect(new Set(lines.map((line) => line.split("|").length))).toEqual(new Set([8]));
  expect(lines[4]).toContain("| + retrieved | 53.8 | 0.4 | 3 | – | the reference |");
});

describe("LaTeX", () => {
  test("prints what would be commands as they are", () => {
    expect(latexText("10 % a_b & {c} #1 $x$ \\d ~^ −2 –")).toBe(
      "10 \\% a\\_b \\& \\{c\\} \\#1 \\$x\\$ \\textbackslash{}d \\textasciitilde{}\\textasciicircum{} $-$2 --",
    );
  });

  test("has mean and error a row, signs as minus signs, and n in the caption", () => {
    const text = resultsLatex(madeUpResults);
    expect(text).toContain("$n = 3$ classifiers");
    expect(text).toContain("    10 \\% real & 49.1 $\\pm$ 0.6 & $-$4.7 [$-$");
    expect(text.match(/\\\\$/gm)).toHaveLength(conditions.length + 1);
  });
});
