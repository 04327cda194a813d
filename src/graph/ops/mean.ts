/** Sums and means of whole tensors and images. */
import type { Tensor } from "../tensor.ts";
import { elementCount } from "../tensor.ts";
import { checkAxes } from "./check.ts";
import { affine } from "./elementwise.ts";
import { sumTo } from "./reduce.ts";
import { reshape } from "./shape.ts";

/** The sum of all elements. @returns [1] */
export const sum = (x: Tensor): Tensor => sumTo(x, [1]);

/** The mean of all elements. @returns [1] */
export const mean = (x: Tensor): Tensor => affine(sum(x), 1 / elementCount(x.shape));

/**
 * Means over the middle axes of an image: global average pooling.
 * @param x [n, h, w, c]
 * @returns [n, c]
 */
export function spatialMean(x: Tensor): Tensor {
  checkAxes("spatialMean", x, "[n, h, w, c]");
  const [n, h, w, c] = x.shape as [number, number, number, number];
  return reshape(affine(sumTo(x, [n, 1, 1, c]), 1 / (h * w)), [n, c]);
}
