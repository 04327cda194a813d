import { describe, expect, test } from "vitest";
import { comparisonText } from "../../src/cli/compare.ts";
import { compareResults } from "../../src/experiment/compare.ts";
import type { ConditionId } from "../../src/experiment/conditions.ts";
import { summarizeConditions, type Results } from "../../src/experiment/record.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";
import { standardError } from "../../src/experiment/statistics.ts";
import { madeUpResults } from "./made-up-results.ts";

const resultsOf = (scores: Readonly<Record<string, readonly number[]>>, seed = 1): Results => ({
  ...madeUpResults,
  spec: parseSpec("", "test", [`seed=${String(seed)}`]),
  conditions: summarizeConditions(
    Object.entries(scores).map(([id, accuracy]) => ({ id: id as ConditionId, accuracy })),
  ),
});

test("a method of somebody's own is named by its id", () => {
  const mine = (accuracy: number[]): Results => {
    const results = resultsOf({ boomerang: accuracy });
    return { ...results, conditions: results.conditions.map((one) => ({ ...one, id: "mine" as ConditionId })) };
  };
  const text = comparisonText(compareResults(mine([0.5, 0.6]), mine([0.6, 0.7])));
  expect(text).toContain("  mine   55.0 →  65.0  +10.0");
});

describe("two runs of one world", () => {
  const first = resultsOf({ retrieval: [0.5, 0.6] });
  const world = { ...first.world, hash: `${first.world.hash} 4096 of the pool` };

  test("are of one world also where one searches a part of its pool", () => {
    const comparison = compareResults(first, { ...first, world });
    expect(comparison).toMatchObject({ sameWorld: true, samePool: false, sameClasses: true });
    expect(comparisonText(comparison)).toContain("other parts of one world's pool");
    expect(compareResults(first, first)).toMatchObject({ sameWorld: true, samePool: true });
    expect(compareResults(first, { ...first, world: { ...world, hash: "other" } }).sameWorld).toBe(false);
  });

  test("are told apart where their classes differ, in whatever order", () => {
    const turned = { ...first, classes: [...first.classes].reverse() };
    expect(compareResults(first, turned).sameClasses).toBe(true);
    const fewer = compareResults(first, { ...first, classes: first.classes.slice(1) });
    expect(comparisonText(fewer)).toContain("The classes differ: accuracies are not comparable.");
  });
});

describe("the error of the difference of two runs", () => {
  // The sets differ much from each other, the runs little within a set.
  const first = resultsOf({ retrieval: [0.5, 0.6, 0.7] });
  const second = { retrieval: [0.51, 0.62, 0.71] };

  test("of one seed is that of the pairs", () => {
    const [retrieval] = compareResults(first, resultsOf(second)).conditions;
    expect(retrieval!.paired).toBe(true);
    expect(retrieval!.difference).toBeCloseTo(0.04 / 3, 12);
    expect(retrieval!.standardError).toBeCloseTo(standardError([0.01, 0.02, 0.01]), 12);
  });

  test("of different seeds, or of different numbers of classifiers, is that of two independent means", () => {
    for (const other of [resultsOf(second, 2), resultsOf({ retrieval: [0.51, 0.62] })]) {
      const [retrieval] = compareResults(first, other).conditions;
      const errors = [first, other].map(({ conditions }) => conditions[0]!.standardError!);
      expect(retrieval).toMatchObject({ paired: false, standardError: Math.hypot(...errors) });
    }
  });

  test("is not there for single classifiers, nor for a condition that one run lacks", () => {
    const single = compareResults(resultsOf({ retrieval: [0.5] }), resultsOf({ retrieval: [0.6], "real-10": [0.4] }));
    expect(single.conditions).toMatchObject([
      { id: "retrieval", paired: true, standardError: null },
      { id: "real-10", first: null, difference: null, paired: false, standardError: null },
    ]);
  });
});
