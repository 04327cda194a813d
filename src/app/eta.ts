/** How long the rest will take, from what is finished. */

/** Units that must be finished before anything is said. */
const fewest = 3;

/**
 * A range for the time of the units that are left: their number times the mean, give or take two standard errors.
 *
 * @param times of finished units in seconds
 * @param left units
 * @returns seconds; null before three units are finished
 */
export function remainingRange(
  times: readonly number[],
  left: number,
): { readonly low: number; readonly high: number } | null {
  if (times.length < fewest) return null;
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (times.length - 1);
  const error = 2 * Math.sqrt(variance / times.length);
  return { low: left * Math.max(0, mean - error), high: left * (mean + error) };
}
