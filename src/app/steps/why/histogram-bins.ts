/** Classes by what they gain: bins, and what a brush over them holds. */
import { roundStep } from "../../../experiment/axis.ts";

/** Classes whose gain lies from `low` to below `high`; shares of accuracy. */
export interface Bin {
  readonly low: number;
  readonly high: number;
  /** Numbers of classes, the one that gains most last. */
  readonly classes: readonly number[];
}

/** A stretch of gains, both ends in it. */
export interface Brush {
  readonly low: number;
  readonly high: number;
}

/** Most bins. */
const most = 12;

/** Narrowest bin: a point. */
const narrowest = 0.01;

/** Whole numbers that should be equal may differ by a rounding error. */
const hair = 1e-9;

/**
 * Bins of a round width with an edge at zero, which is always among them.
 *
 * @param gains of the classes; at least one
 */
export function binsOf(gains: readonly number[]): Bin[] {
  const [low, high] = [Math.min(0, ...gains), Math.max(0, ...gains)];
  // Zero inside may cost a bin at either end.
  const width = Math.max(narrowest, roundStep(Math.max(high - low, narrowest), most - 2));
  const binAt = (gain: number): number => Math.floor(gain / width + hair);
  const [first, last] = [binAt(low), Math.max(binAt(high), 0)];
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const classes = gains.flatMap((gain, index) => (binAt(gain) === first + i ? [index] : []));
    const byGain = classes.sort((a, b) => gains[a]! - gains[b]!);
    return { low: (first + i) * width, high: (first + i + 1) * width, classes: byGain };
  });
}

/** Classes in a brush, the one that gains most first. */
export function classesIn(gains: readonly number[], { low, high }: Brush): number[] {
  const held = gains.flatMap((gain, index) => (gain >= low - hair && gain <= high + hair ? [index] : []));
  return held.sort((a, b) => gains[b]! - gains[a]!);
}

/** Everything that the bins hold. */
export function wholeBrush(bins: readonly Bin[]): Brush {
  return { low: bins[0]!.low, high: bins.at(-1)!.high };
}

/** From one value to another, whichever is the lower, at whole points and within the bins. */
export function brushBetween(a: number, b: number, bins: readonly Bin[]): Brush {
  const whole = wholeBrush(bins);
  const at = (value: number): number =>
    Math.min(whole.high, Math.max(whole.low, Math.round(value / narrowest) * narrowest));
  return { low: at(Math.min(a, b)), high: at(Math.max(a, b)) };
}
