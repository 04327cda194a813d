/** Axes of charts, with ticks at round values. */

/** An axis over shares, 0 to 1, or seconds. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  /** Round values from `low` to `high`. */
  readonly ticks: readonly number[];
  /** Where a value lies, between the chart's ends or outside of them. */
  readonly at: (value: number) => number;
}

/** Steps between ticks, in units of the power of ten below. */
const roundSteps = [1, 2, 5, 10];

/** The smallest round step with which a span has at most so many. */
export function roundStep(span: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(span / most));
  return roundSteps.map((step) => step * power).find((step) => span / step <= most * (1 + 1e-9))!;
}

/** Where an axis begins and ends: per cent of a chart's width or height, so that it is as wide as its place, or pixels. */
export type AxisEnds = readonly [from: number, to: number];

const wholeWidth: AxisEnds = [0, 100];

/** The least length of an axis of shares: one point. */
const onePoint = 0.01;

/**
 * An axis that holds two values, with ends at round ones.
 *
 * @param most spaces between ticks
 * @param least its length where the values lie closer together; > 0
 */
export function linearAxis(low: number, high: number, most = 6, [from, to] = wholeWidth, least = onePoint): Axis {
  const span = Math.max(high - low, least);
  const step = roundStep(span, most);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil((low + span) / step - 1e-9)];
  const scale = (to - from) / ((last - first) * step);
  return {
    ...{ low: first * step, high: last * step },
    ticks: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step),
    at: (value) => from + (value - first * step) * scale,
  };
}

/** An axis over positive values by their logarithm, from power of ten to power of ten. */
export function logAxis(low: number, high: number): Axis {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  const at = (value: number): number => (100 * (Math.log10(value) - first)) / (last - first);
  return { low: 10 ** first, high: 10 ** last, ticks, at };
}
