/** What a set cost against what its classifiers reach. */
import type { ConditionResult, Results } from "../../../experiment/record.ts";
import { linearAxis, logAxis, type Axis } from "../../../experiment/axis.ts";

/** A method whose time is known. */
export interface CostPoint {
  readonly id: string;
  /** Of the adaptation and of a set's images. */
  readonly seconds: number;
  readonly result: ConditionResult;
}

/** Methods with a known time above zero, the cheapest first. */
export function costPoints({ costs, conditions }: Pick<Results, "costs" | "conditions">): CostPoint[] {
  const points = costs.methods.flatMap(({ id, setSeconds }): CostPoint[] => {
    const result = conditions.find((condition) => condition.id === id);
    return result && setSeconds !== null && setSeconds > 0 ? [{ id, seconds: setSeconds, result }] : [];
  });
  return points.sort((a, b) => a.seconds - b.seconds);
}

/** Seconds by their logarithm, and accuracies with the baseline among them. @param points at least one */
export function costAxes(
  points: readonly CostPoint[],
  baseline: number | null,
): { readonly x: Axis; readonly y: Axis } {
  const seconds = points.map((point) => point.seconds);
  const held = points.flatMap(({ result: { mean, standardError } }) => {
    const error = standardError ?? 0;
    return [mean - error, mean + error];
  });
  const all = baseline === null ? held : [...held, baseline];
  return {
    x: logAxis(Math.min(...seconds), Math.max(...seconds)),
    y: linearAxis(Math.max(0, Math.min(...all)), Math.min(1, Math.max(...all)), 5),
  };
}

/**
 * Heights for labels so that none lies on another: as near to their own as it goes, downward from the topmost.
 *
 * @param wanted per label, in pixels from the top
 * @param apart pixels between two at least
 * @param height pixels; where all labels fit, none comes to lie below
 */
export function spreadLabels(wanted: readonly number[], apart: number, height: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = new Array<number>(wanted.length).fill(0);
  let free = -Infinity;
  for (const i of order) {
    placed[i] = Math.max(wanted[i]!, free);
    free = placed[i] + apart;
  }
  let limit = height;
  for (const i of [...order].reverse()) {
    placed[i] = Math.min(placed[i]!, limit);
    limit = placed[i] - apart;
  }
  return placed;
}

/** Where the name of a mark goes: beside it, or in the column at the plot's right end, with a line that leads there. */
export interface LabelPlace {
  readonly inColumn: boolean;
  /** Pixels from the top. */
  readonly y: number;
}

/** Marks beyond this per cent of the width have their names in the column: dear methods lie close together. */
const sparse = 40;

/**
 * Names beside marks that have room at their right, and those of all others in one column; none on another of its kind.
 *
 * @param marks per cent across, pixels down
 */
export function placeLabels(
  marks: readonly { readonly x: number; readonly y: number }[],
  apart: number,
  height: number,
): LabelPlace[] {
  const places = new Array<LabelPlace>(marks.length);
  for (const inColumn of [false, true]) {
    const of = marks.flatMap(({ x }, i) => (x > sparse === inColumn ? [i] : []));
    const heights = spreadLabels(
      of.map((i) => marks[i]!.y),
      apart,
      height,
    );
    of.forEach((i, place) => (places[i] = { inColumn, y: heights[place]! }));
  }
  return places;
}
