/** A run's result as it would be with fewer sets: what the exercise "n matters" turns. */
import { summarizeConditions, type ConditionResult } from "../../../experiment/record.ts";
import { gapInWords } from "../../../experiment/statistics.ts";

/** How many sets every condition has. */
export function setsOf(conditions: readonly ConditionResult[]): number {
  return Math.min(...conditions.map(({ accuracy }) => accuracy.length));
}

/**
 * The conditions by their first `n` classifiers only, in the same order: means, errors, gaps and p-values anew. With all
 * of them it is what the run itself has written.
 *
 * @param n at least 1
 */
export function ofFirstSets(conditions: readonly ConditionResult[], n: number): readonly ConditionResult[] {
  if (conditions.every(({ accuracy }) => accuracy.length <= n)) return conditions;
  const again = summarizeConditions(conditions.map(({ id, accuracy }) => ({ id, accuracy: accuracy.slice(0, n) })));
  return conditions.map(({ id }) => again.find((result) => result.id === id)!);
}

/** A condition's sentence about its gap, with fewer sets and with all. */
export interface Flip {
  readonly id: string;
  readonly few: string;
  readonly all: string;
}

/** "above retrieval", "below retrieval" or "not separable", without n. */
function verdict({ gapToRetrieval: gap, n }: ConditionResult): string | null {
  if (gap === null) return null;
  return gap.separable ? gapInWords(gap, n) : "open";
}

const wordsOf = ({ gapToRetrieval: gap, n }: ConditionResult): string => (gap === null ? "" : gapInWords(gap, n));

/** Conditions whose sentence says something else with fewer sets. @param few as `ofFirstSets` gives it */
export function flipsOf(few: readonly ConditionResult[], all: readonly ConditionResult[]): Flip[] {
  return few.flatMap((now, i) => {
    const then = all[i]!;
    return verdict(now) === verdict(then) ? [] : [{ id: now.id, few: wordsOf(now), all: wordsOf(then) }];
  });
}

/** Conditions whose gap to retrieval cannot be told from zero. */
export function openOnes(conditions: readonly ConditionResult[]): ConditionResult[] {
  return conditions.filter(({ gapToRetrieval: gap }) => gap !== null && !gap.separable);
}
