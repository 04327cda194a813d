/** What is drawn and said around a mean. */
import type { ConditionResult } from "../../../experiment/record.ts";
import { tInterval, type Interval } from "../../../experiment/statistics.ts";
import { linearAxis, type Axis } from "../../../experiment/axis.ts";
import { percentText, withMinus } from "../../format.ts";
import { t } from "../../strings.ts";

/** `se`: one standard error to each side; `t`: the 95 % t interval; `seeds`: every classifier, from the least to the most. */
export type IntervalKind = "se" | "t" | "seeds";

/** In the order of the page. */
export const intervalKinds: readonly IntervalKind[] = ["se", "t", "seeds"];

/** The interval around a condition's mean; a single classifier has none around it. */
export function intervalOf({ accuracy, mean, standardError }: ConditionResult, kind: IntervalKind): Interval {
  if (standardError === null) return { mean, low: mean, high: mean };
  if (kind === "se") return { mean, low: mean - standardError, high: mean + standardError };
  if (kind === "t") return tInterval(accuracy);
  return { mean, low: Math.min(...accuracy), high: Math.max(...accuracy) };
}

/** A share in per cent; an interval's end may lie below zero. */
export function shareText(share: number): string {
  return withMinus(percentText(share));
}

/** A mean with what is around it, in per cent: "46.1 ± 0.4", "46.1 [45.0, 47.2]" or "46.1 (45.8 to 46.4)". */
export function scoreText(result: ConditionResult, kind: IntervalKind): string {
  const mean = percentText(result.mean);
  if (result.standardError === null) return mean;
  if (kind === "se") return t("result.score.se", { mean, se: percentText(result.standardError) });
  const { low, high } = intervalOf(result, kind);
  return t(`result.score.${kind}`, { mean, low: shareText(low), high: shareText(high) });
}

/**
 * The chart's axis: it holds every classifier and the intervals of all sets, and stays as it is when fewer are used, so that
 * one sees intervals move and not the axis. Bars begin at zero.
 *
 * @param conditions with all sets
 */
export function accuracyAxis(conditions: readonly ConditionResult[], kind: IntervalKind, fromZero: boolean): Axis {
  const held = conditions.flatMap((result) => {
    const { low, high } = intervalOf(result, kind);
    return [low, high, ...result.accuracy];
  });
  const low = fromZero ? 0 : Math.max(0, Math.min(...held));
  return linearAxis(low, Math.min(1, Math.max(...held)));
}
