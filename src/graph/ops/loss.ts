/** Losses as compositions of ops. */
import { ShapeError } from "../../errors.ts";
import type { Tensor } from "../tensor.ts";
import { sizeOf } from "../tensor.ts";
import { add, affine, balancedRelu, exp, log, mul, rsqrt, square, sub } from "./elementwise.ts";
import { matmul } from "./matmul.ts";
import { mean } from "./mean.ts";
import { sumTo } from "./reduce.ts";
import { crossEntropyRows } from "./softmax.ts";

/**
 * The mean cross-entropy.
 * @param logits [n, classes]
 * @param labels [n] u32, below `classes`: any other makes the loss and its row of the gradient NaN on devices, a ShapeError on the
 * reference
 * @returns [1]
 */
export const crossEntropy = (logits: Tensor, labels: Tensor): Tensor => mean(crossEntropyRows(logits, labels));

/** The mean squared difference. @returns [1] */
export const meanSquaredError = (a: Tensor, b: Tensor): Tensor => mean(square(sub(a, b)));

/**
 * Rows divided by their Euclidean norm.
 * @param x [n, c]
 * @param epsilon added to the squared norm
 */
export function l2Normalise(x: Tensor, epsilon = 1e-12): Tensor {
  const squares = sumTo(square(x), [...x.shape.slice(0, -1), 1]);
  return mul(x, rsqrt(affine(squares, 1, epsilon)));
}

/**
 * The symmetric contrastive loss (InfoNCE) of matching rows.
 * @param a [n, c], normalised rows
 * @param b [n, c], normalised rows
 * @param logScale [1], the logarithm of the inverse temperature
 * @param labels [n] u32: 0, 1, …, n−1
 * @returns [1]
 *
 * Radford et al. 2021, arXiv:2103.00020, figure 3.
 */
export function contrastiveLoss(a: Tensor, b: Tensor, logScale: Tensor, labels: Tensor): Tensor {
  if (sizeOf(a, 0) !== sizeOf(b, 0)) throw new ShapeError("contrastiveLoss", a.shape, b.shape);
  const scale = exp(logScale);
  const logitsA = mul(matmul(a, b, { transposeB: true }), scale);
  const logitsB = mul(matmul(b, a, { transposeB: true }), scale);
  return affine(add(crossEntropy(logitsA, labels), crossEntropy(logitsB, labels)), 0.5);
}

/**
 * Binary cross-entropy, summed over a row and averaged over rows: Σ_j softplus(z_ij) − y_ij·z_ij.
 * @param logits z, [n, c]
 * @param targets y, [n, c], each 0 to 1
 * @returns [1]
 */
export function sigmoidLoss(logits: Tensor, targets: Tensor): Tensor {
  // At 0, where softplus has slope ½, the two slopes of ½ give it: (1 − ½)·½ + ½·½.
  const positive = balancedRelu(logits);
  const magnitude = add(positive, balancedRelu(affine(logits, -1)));
  const softplus = add(positive, log(affine(exp(affine(magnitude, -1)), 1, 1))); // no exponential of a large number
  return affine(mean(sub(softplus, mul(targets, logits))), sizeOf(logits, -1));
}
