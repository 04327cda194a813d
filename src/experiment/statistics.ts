/** Statistics of repeated runs: means, standard errors, intervals and the words that they allow. */
import { ShapeError } from "../errors.ts";
import { RandomStream } from "../random.ts";
import { studentTQuantile, studentTTails } from "./student-t.ts";

/** A mean or a difference with the interval that holds it. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A difference to a reference condition with its t interval, and whether that leaves zero out. */
export interface Gap extends Interval {
  readonly separable: boolean;
  /** The percentile bootstrap interval of the same difference; absent in results of earlier versions. */
  readonly bootstrap?: Pick<Interval, "low" | "high">;
}

/** 1 where the first is the higher one, −1 where the second is, 0 where they are the same but for the rounding of shares. */
export function orderOf(a: number, b: number): number {
  return Math.abs(a - b) < 1e-9 ? 0 : Math.sign(a - b);
}

/** Whether an interval holds zero, its ends included. */
export function holdsZero({ low, high }: Pick<Interval, "low" | "high">): boolean {
  return orderOf(low, 0) <= 0 && orderOf(high, 0) >= 0;
}

/** @throws ShapeError when there are no values */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new ShapeError("mean", "at least 1 value", [0]);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Sample standard deviation, with n - 1 in the denominator.
 *
 * @throws ShapeError when there are fewer than 2 values
 */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) throw new ShapeError("standard deviation", "at least 2 values", [values.length]);
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/**
 * Standard error of the mean: the sample standard deviation over sqrt(n).
 *
 * @throws ShapeError when there are fewer than 2 values
 */
export function standardError(values: readonly number[]): number {
  return standardDeviation(values) / Math.sqrt(values.length);
}

/**
 * Student's t interval of a mean.
 *
 * @param confidence in (0, 1)
 * @throws ShapeError when there are fewer than 2 values
 */
export function tInterval(values: readonly number[], confidence = 0.95): Interval {
  const centre = mean(values);
  const half = studentTQuantile(0.5 + confidence / 2, values.length - 1) * standardError(values);
  return { mean: centre, low: centre - half, high: centre + half };
}

/**
 * Mean of `values[i] - reference[i]` with its t interval and its bootstrap interval over the pairs: pairs share a set
 * index and a seed, so what they have in common cancels. Separable when the t interval does not hold zero. Where all pairs
 * differ by the same amount, as two accuracies over few test images easily do, the interval has no width and says nothing:
 * then it is not separable. The resamples are drawn from one fixed stream, so equal pairs give equal intervals.
 *
 * @throws ShapeError when the lengths differ or there are fewer than 2 pairs
 */
export function pairedDifference(values: readonly number[], reference: readonly number[], confidence = 0.95): Gap {
  if (values.length !== reference.length)
    throw new ShapeError("paired difference", [reference.length], [values.length]);
  const differences = values.map((value, i) => value - (reference[i] ?? NaN));
  const interval = tInterval(differences, confidence);
  const { low, high } = bootstrapInterval(differences, new RandomStream(0, "paired difference"), { confidence });
  const separable = hasSpread(differences) && (interval.low > 0 || interval.high < 0);
  return { ...interval, separable, bootstrap: { low, high } };
}

/** Whether values differ by more than the rounding of shares. */
const hasSpread = (values: readonly number[]): boolean => Math.max(...values) - Math.min(...values) > 1e-9;

/**
 * Two-sided p-value of the paired t test: how often pairs without a difference would differ at least this much.
 *
 * @returns null when all pairs differ by the same amount: without spread there is no test
 * @throws ShapeError when the lengths differ or there are fewer than 2 pairs
 */
export function pairedPValue(values: readonly number[], reference: readonly number[]): number | null {
  if (values.length !== reference.length) throw new ShapeError("paired t test", [reference.length], [values.length]);
  const differences = values.map((value, i) => value - (reference[i] ?? NaN));
  const centre = mean(differences);
  const error = standardError(differences);
  return hasSpread(differences) ? studentTTails(centre / error, values.length - 1) : null;
}

/**
 * The mean of values with its percentile bootstrap interval. Of few values it is narrower than the t interval and holds
 * the true mean less often than it says: five have 126 distinct resamples, and none reaches past the least or the
 * greatest value. For those go by `tInterval`.
 *
 * @param random decides every resample
 * @param resamples number of bootstrap means, at least 2
 * @throws ShapeError when there are no values
 *
 * Efron & Tibshirani 1993, section 13.3. Percentiles are interpolated linearly, as numpy's default.
 */
export function bootstrapInterval(
  values: readonly number[],
  random: RandomStream,
  { confidence = 0.95, resamples = 2000 }: { confidence?: number; resamples?: number } = {},
): Interval {
  const centre = mean(values);
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[random.integer(values.length)] ?? NaN;
    return sum / values.length;
  }).sort();
  const tail = (1 - confidence) / 2;
  return { mean: centre, low: sortedQuantile(means, tail), high: sortedQuantile(means, 1 - tail) };
}

function sortedQuantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (position - Math.floor(position)) * (above - below);
}

/**
 * P-values adjusted for how many there are, in the order given; compare each to the level as it is.
 *
 * Holm 1979, the step-down Bonferroni method.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? NaN) - (pValues[b] ?? NaN));
  const adjusted = new Array<number>(pValues.length).fill(1);
  let running = 0;
  order.forEach((index, rank) => {
    running = Math.max(running, Math.min(1, (pValues.length - rank) * (pValues[index] ?? NaN)));
    adjusted[index] = running;
  });
  return adjusted;
}

/**
 * Digits after the point with which an interval of shares, in percentage points, is written: one, or as many as show that an
 * end beside zero is not zero. "[−6.8, 0.0]" would read as holding it.
 */
export function digitsOf({ low, high }: Pick<Interval, "low" | "high">): number {
  if (holdsZero({ low, high })) return 1;
  const nearest = 100 * Math.min(Math.abs(low), Math.abs(high));
  for (let digits = 1; digits < 4; digits++) if (Number(nearest.toFixed(digits)) !== 0) return digits;
  return 4;
}

/**
 * What a gap to the reference lets one say.
 *
 * @param n pairs behind the gap
 * @returns "above retrieval", "below retrieval", "not separable at n = 3", or "not separable at n = 2 (no spread)"
 */
export function gapInWords(gap: Gap, n: number, reference = "retrieval"): string {
  const open = `not separable at n = ${String(n)}`;
  if (!gap.separable) return gap.high - gap.low > 1e-9 ? open : `${open} (no spread)`;
  return `${gap.mean > 0 ? "above" : "below"} ${reference}`;
}

/**
 * How much sets have in common: the mean over all pairs of shared items over items in either.
 *
 * Jaccard 1912. Two empty sets count as the same.
 *
 * @throws ShapeError when there are fewer than 2 sets
 */
export function meanJaccard<T>(sets: readonly ReadonlySet<T>[]): number {
  if (sets.length < 2) throw new ShapeError("mean Jaccard overlap", "at least 2 sets", [sets.length]);
  const pairs = sets.flatMap((a, i) => sets.slice(i + 1).map((b) => jaccard(a, b)));
  return mean(pairs);
}

function jaccard<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  let shared = 0;
  for (const item of a) if (b.has(item)) shared++;
  const either = a.size + b.size - shared;
  return either === 0 ? 1 : shared / either;
}
