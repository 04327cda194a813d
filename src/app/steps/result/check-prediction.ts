/** A prediction held against what was measured. */
import type { ConditionResult } from "../../../experiment/record.ts";
import { orderOf, pairedDifference } from "../../../experiment/statistics.ts";
import { kendallTau } from "../../kendall.ts";

/** How a predicted order fared. */
export interface PredictionCheck {
  /** Predicted conditions that the run has, the best first. */
  readonly predicted: readonly string[];
  /** The same by their measured means, the best first. */
  readonly measured: readonly string[];
  /** Kendall's tau of the first with the means. */
  readonly tau: number;
  readonly pairs: number;
  /** Pairs in the right order, and pairs of equal means, which are in neither. */
  readonly right: number;
  readonly tied: number;
  /** Pairs that the run can tell apart: the 95 % t interval of their paired difference leaves zero out. */
  readonly told: number;
  /** Those of them in the right order. */
  readonly toldRight: number;
}

/** @returns null where fewer than two of the predicted conditions were measured */
export function checkPrediction(
  prediction: readonly string[],
  conditions: readonly ConditionResult[],
): PredictionCheck | null {
  const byId = new Map<string, ConditionResult>(conditions.map((result) => [result.id, result]));
  const predicted = prediction.filter((id) => byId.has(id));
  if (predicted.length < 2) return null;
  const ordered = predicted.map((id) => byId.get(id)!);
  const pairs = ordered.flatMap((first, i) => ordered.slice(i + 1).map((second) => ({ first, second })));
  const tied = pairs.filter(({ first, second }) => orderOf(first.mean, second.mean) === 0);
  const told = pairs.filter(({ first, second }) => areToldApart(first, second));
  const right = (list: typeof pairs): number =>
    list.filter(({ first, second }) => orderOf(first.mean, second.mean) > 0).length;
  return {
    predicted,
    measured: [...ordered].sort((a, b) => b.mean - a.mean).map(({ id }) => id),
    tau: kendallTau(predicted, new Map(ordered.map(({ id, mean }) => [id, mean]))),
    ...{ pairs: pairs.length, right: right(pairs), tied: tied.length, told: told.length, toldRight: right(told) },
  };
}

function areToldApart({ accuracy: a }: ConditionResult, { accuracy: b }: ConditionResult): boolean {
  return a.length >= 2 && a.length === b.length && pairedDifference(a, b).separable;
}
