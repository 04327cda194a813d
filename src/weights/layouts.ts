import { ShapeError } from "../errors.ts";

/** Elements in any numeric storage: f32 values, or 16-bit floats as bits. */
export type Elements = Float32Array | Float64Array | Uint16Array | Uint32Array | Int32Array | Uint8Array;

/** Elements of one cache line. */
const TILE = 16;

/** [a, b, c] → [c, b, a], in tiles along a so that lines of both arrays are used whole. */
const reverseAxes = <T extends Elements>(values: T, a: number, b: number, c: number, where: string): T => {
  if (values.length !== a * b * c) throw new ShapeError(where, `${String(a * b * c)} elements`, [values.length]);
  const out = values.slice() as T;
  for (let tile = 0; tile < a; tile += TILE) {
    const tileEnd = Math.min(tile + TILE, a);
    for (let j = 0; j < b; j++) {
      for (let k = 0; k < c; k++) {
        const row = (k * b + j) * a;
        for (let i = tile; i < tileEnd; i++) out[row + i] = values[(i * b + j) * c + k]!;
      }
    }
  }
  return out;
};

/**
 * A convolution's weight from PyTorch's layout to ours.
 *
 * @param weight [co, ci, kh, kw]
 * @returns [kh, kw, ci, co]
 * @throws ShapeError when the elements do not fill the shape
 */
export const convFromTorch = <T extends Elements>(weight: T, shape: readonly [number, number, number, number]): T =>
  reverseAxes(weight, shape[0], shape[1], shape[2] * shape[3], "convFromTorch");

/**
 * A convolution's weight from our layout to PyTorch's.
 *
 * @param weight [kh, kw, ci, co]
 * @returns [co, ci, kh, kw]
 * @throws ShapeError when the elements do not fill the shape
 */
export const convToTorch = <T extends Elements>(weight: T, shape: readonly [number, number, number, number]): T =>
  reverseAxes(weight, shape[0] * shape[1], shape[2], shape[3], "convToTorch");

/**
 * A matrix [rows, columns] as [columns, rows]: a linear layer's weight between PyTorch's [out, in] and our [in, out].
 *
 * @throws ShapeError when the elements do not fill the shape
 */
export const transposeMatrix = <T extends Elements>(matrix: T, shape: readonly [number, number]): T =>
  reverseAxes(matrix, shape[0], 1, shape[1], "transposeMatrix");

/**
 * Images from channels first to channels last.
 *
 * @param images [n, c, h, w]
 * @returns [n, h, w, c]
 * @throws ShapeError when the elements do not fill the shape
 */
export const nchwToNhwc = <T extends Elements>(images: T, shape: readonly [number, number, number, number]): T =>
  transposeEach(images, shape[0], shape[1], shape[2] * shape[3], "nchwToNhwc");

/**
 * Images from channels last to channels first.
 *
 * @param images [n, h, w, c]
 * @returns [n, c, h, w]
 * @throws ShapeError when the elements do not fill the shape
 */
export const nhwcToNchw = <T extends Elements>(images: T, shape: readonly [number, number, number, number]): T =>
  transposeEach(images, shape[0], shape[1] * shape[2], shape[3], "nhwcToNchw");

/** [n, a, b] → [n, b, a]. */
const transposeEach = <T extends Elements>(values: T, n: number, a: number, b: number, where: string): T => {
  if (values.length !== n * a * b) throw new ShapeError(where, `${String(n * a * b)} elements`, [values.length]);
  const out = values.slice() as T;
  for (let i = 0; i < n; i++) {
    const begin = i * a * b;
    out.set(reverseAxes(values.subarray(begin, begin + a * b) as T, a, 1, b, where), begin);
  }
  return out;
};
