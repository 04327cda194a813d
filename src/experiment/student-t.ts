/** Student's t distribution in f64: its tails and its quantiles. */
import { ShapeError } from "../errors.ts";

/** Lanczos's coefficients for g = 7 and 9 terms (Godfrey 2001). */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** Natural logarithm of the gamma function for x >= 0.5. */
function logGamma(x: number): number {
  const series = lanczos.slice(1).reduce<number>((sum, c, i) => sum + c / (x + i), lanczos[0]);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

/**
 * The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction.
 *
 * @param x in [0, 1]
 * @param a at least 0.5
 * @param b at least 0.5
 *
 * Abramowitz & Stegun 1964, 26.5.8.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast only on this side of the mean.
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return fraction;
}

/**
 * Probability that a t-distributed number is further from zero than t: the two-sided p-value.
 *
 * @param freedom degrees of freedom, at least 1
 * @throws ShapeError when `freedom` is below 1
 */
export function studentTTails(t: number, freedom: number): number {
  if (!(freedom >= 1)) throw new ShapeError("t distribution", "at least 1 degree of freedom", [freedom]);
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/**
 * The value that a t-distributed number stays below with the given probability.
 *
 * @param probability in (0, 1)
 * @param freedom degrees of freedom, at least 1
 * @throws ShapeError when `freedom` is below 1
 */
export function studentTQuantile(probability: number, freedom: number): number {
  if (probability < 0.5) return -studentTQuantile(1 - probability, freedom);
  const tails = 2 * (1 - probability);
  let low = 0;
  let high = 1;
  while (studentTTails(high, freedom) > tails && high < 1e300) high *= 2;
  // Bisection: the tails fall with t, and 200 halvings end at neighbouring doubles.
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentTTails(middle, freedom) > tails) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
