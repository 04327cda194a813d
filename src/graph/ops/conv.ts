/** Two-dimensional convolution, channels last. */
import { ShapeError } from "../../errors.ts";
import { defineOp } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { inputOf, listOf, numberOf } from "../tensor.ts";
import { checkAxes, checkWhole } from "./check.ts";
import { matmul } from "./matmul.ts";
import { pad, reshape, slice } from "./shape.ts";

/** Zeros around an image: [top, bottom, left, right]. */
export type Padding = readonly [number, number, number, number];

/** How a convolution steps and pads. */
export interface Conv2dOptions {
  readonly stride?: number;
  /** One number pads all four sides. */
  readonly padding?: number | Padding;
}

/** The next multiple of four, the width of the kernels' vectors. */
const upToFour = (channels: number): number => Math.ceil(channels / 4) * 4;

/**
 * Cross-correlation, as every deep-learning library calls convolution.
 *
 * Channel counts that are no multiples of four are padded with zeros and cut again, so that kernels read whole vectors.
 *
 * @param x [n, h, w, ci]
 * @param weight [kh, kw, ci, co]
 * @returns [n, (h + top + bottom − kh)/stride + 1, (w + left + right − kw)/stride + 1, co]
 * @throws ShapeError when ci differs or the kernel does not fit
 */
export function conv2d(x: Tensor, weight: Tensor, { stride = 1, padding = 0 }: Conv2dOptions = {}): Tensor {
  checkAxes("conv2d", x, "[n, h, w, ci]");
  checkAxes("conv2d: weight", weight, "[kh, kw, ci, co]");
  checkWhole("conv2d: stride", stride, 1);
  const [n, h, w, ci] = x.shape as [number, number, number, number];
  const [kh, kw, wi, co] = weight.shape as [number, number, number, number];
  if (wi !== ci) throw new ShapeError("conv2d: weight", [kh, kw, ci, co], weight.shape);
  const pads: Padding = typeof padding === "number" ? [padding, padding, padding, padding] : padding;
  const sides: readonly number[] = pads;
  if (sides.length !== 4) throw new ShapeError("conv2d: padding", "a number or [top, bottom, left, right]", sides);
  for (const side of sides) checkWhole("conv2d: padding", side, 0);
  if (ci % 4 !== 0) {
    const wide = upToFour(ci);
    const rows = reshape(padRows(reshape(weight, [kh * kw, ci, co]), wide), [kh, kw, wide, co]);
    return conv2d(pad(x, 0, wide), rows, { stride, padding: pads });
  }
  if (co % 4 !== 0) return slice(conv2d(x, pad(weight, 0, upToFour(co)), { stride, padding: pads }), 0, co);
  const oh = Math.floor((h + pads[0] + pads[1] - kh) / stride) + 1;
  const ow = Math.floor((w + pads[2] + pads[3] - kw) / stride) + 1;
  if (oh < 1 || ow < 1)
    throw new ShapeError("conv2d", `an image of at least [${String(kh)}, ${String(kw)}] with its padding`, x.shape);
  if (kh === 1 && kw === 1 && stride === 1 && pads.every((p) => p === 0)) {
    return reshape(matmul(reshape(x, [n * h * w, ci]), reshape(weight, [ci, co])), [n, h, w, co]);
  }
  return x.graph.node("conv2d", [x, weight], [{ shape: [n, oh, ow, co] }], { stride, padding: pads })[0]!;
}

/** Adds zero rows to the middle axis. @param x [a, r, c] @returns [a, rows, c] */
function padRows(x: Tensor, rows: number): Tensor {
  const [a, r, c] = x.shape as [number, number, number];
  return reshape(pad(reshape(x, [a, r * c]), 0, rows * c), [a, rows, c]);
}

defineOp({
  name: "conv2d",
  gradient: (node, [dy], [needsX, needsWeight]) => {
    if (!dy) return [];
    const x = inputOf(node, 0);
    const weight = inputOf(node, 1);
    const attributes = { stride: numberOf(node, "stride"), padding: listOf(node, "padding") };
    return [
      // dx[p] = Σ_k w[k]ᵀ dy[(p + pad − k)/stride]
      needsX ? dy.graph.node("conv2d_input_gradient", [dy, weight], [{ shape: x.shape }], attributes)[0]! : undefined,
      // dw[k] = Σ_p x[stride·p + k − pad]ᵀ dy[p]
      needsWeight
        ? dy.graph.node("conv2d_weight_gradient", [x, dy], [{ shape: weight.shape }], attributes)[0]!
        : undefined,
    ];
  },
});
defineOp({ name: "conv2d_input_gradient" });
defineOp({ name: "conv2d_weight_gradient" });
