import { fillNormal, streamKey } from "../../src/random.ts";
import { elementCount } from "../../src/graph/tensor.ts";

const SEED = 11;

/** Normal numbers that depend on the name alone, so that every library is given the same. */
export const normalValues = (name: string, shape: readonly number[], scale = 1): Float32Array => {
  const values = new Float32Array(elementCount(shape));
  fillNormal(values, streamKey(SEED, `bench ${name}`), 0, 0);
  return scale === 1 ? values : values.map((value) => value * scale);
};

/**
 * Reorders axes: axis i of the result is axis `order[i]` of `values`.
 *
 * @param values of `shape`, row by row
 */
export const permuted = (values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array => {
  const steps = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const sizes = order.map((axis) => shape[axis]!);
  const strides = order.map((axis) => steps[axis]!);
  const result = new Float32Array(values.length);
  const place = sizes.map(() => 0);
  for (let i = 0, from = 0; i < result.length; i++) {
    result[i] = values[from]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++place[axis]! < sizes[axis]!) break;
      from -= strides[axis]! * sizes[axis]!;
      place[axis] = 0;
    }
  }
  return result;
};

/** [n, h, w, c] to [n, c, h, w]. */
export const channelsFirst = (values: Float32Array, shape: readonly number[]): Float32Array =>
  permuted(values, shape, [0, 3, 1, 2]);

/** [n, c, h, w] to [n, h, w, c]. */
export const channelsLast = (values: Float32Array, shape: readonly number[]): Float32Array =>
  permuted(values, shape, [0, 2, 3, 1]);

/** Weights [kh, kw, ci, co] to [co, ci, kh, kw]. */
export const outputsFirst = (values: Float32Array, shape: readonly number[]): Float32Array =>
  permuted(values, shape, [3, 2, 0, 1]);

/** Weights [co, ci, kh, kw] to [kh, kw, ci, co]. */
export const outputsLast = (values: Float32Array, shape: readonly number[]): Float32Array =>
  permuted(values, shape, [2, 3, 1, 0]);

/** The largest difference, relative to the largest expected magnitude; not a number where either is not. */
export const relativeError = (actual: ArrayLike<number>, expected: ArrayLike<number>): number => {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    if (Number.isNaN(error)) return Number.NaN;
    difference = Math.max(difference, error);
    magnitude = Math.max(magnitude, Math.abs(expected[i]!));
  }
  return difference / magnitude;
};
