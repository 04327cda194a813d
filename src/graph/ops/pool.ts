/** Pooling and nearest-neighbour upsampling. */
import { ShapeError } from "../../errors.ts";
import { defineOp } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { inputOf, numberOf, outputOf } from "../tensor.ts";
import { checkAxes, checkWhole } from "./check.ts";

/** A square window. */
export interface PoolOptions {
  readonly size: number;
  readonly stride: number;
  /** Same on all sides; never wins a maximum and is not counted in an average. */
  readonly padding?: number;
}

const pooled = (length: number, { size, stride, padding = 0 }: PoolOptions): number =>
  Math.floor((length + 2 * padding - size) / stride) + 1;

/**
 * Maxima over windows. The gradient goes to the first maximum of each window, as in PyTorch.
 * @param x [n, h, w, c]
 * @returns [n, oh, ow, c]
 * @throws ShapeError when the padding is more than half of a window, so that whole windows might lie in it
 */
export function maxPool2d(x: Tensor, options: PoolOptions): Tensor {
  const { size, stride, padding = 0 } = options;
  checkAxes("maxPool2d", x, "[n, h, w, c]");
  checkWhole("maxPool2d: size", size, 1);
  checkWhole("maxPool2d: stride", stride, 1);
  checkWhole("maxPool2d: padding", padding, 0);
  if (2 * padding > size)
    throw new ShapeError("maxPool2d: padding", `at most half of a window of ${String(size)}`, String(padding));
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const shape = [n, pooled(h, options), pooled(w, options), c];
  // The second output is the winner's place in its window, row by row.
  return x.graph.node("max_pool", [x], [{ shape }, { shape, dtype: "u32" }], { size, stride, padding })[0]!;
}

defineOp({
  name: "max_pool",
  gradient: (node, [dy]) => [
    dy?.graph.node(
      "max_pool_gradient",
      [outputOf(node, 1), dy],
      [{ shape: inputOf(node, 0).shape }],
      node.attributes,
    )[0],
  ],
});
defineOp({ name: "max_pool_gradient", integers: [0] });

/**
 * Means over windows.
 * @param x [n, h, w, c]
 * @returns [n, oh, ow, c]
 * @throws ShapeError when windows overlap or leave a rest: only tilings have kernels
 */
export function averagePool2d(x: Tensor, size: number): Tensor {
  checkAxes("averagePool2d", x, "[n, h, w, c]");
  checkWhole("averagePool2d: size", size, 1);
  const [n, h, w, c] = x.shape as [number, number, number, number];
  if (h % size !== 0 || w % size !== 0)
    throw new ShapeError("averagePool2d", `sizes divisible by ${String(size)}`, x.shape);
  return x.graph.node("average_pool", [x], [{ shape: [n, h / size, w / size, c] }], {
    size,
    scale: 1 / (size * size),
  })[0]!;
}

defineOp({
  name: "average_pool",
  cheap: true,
  gradient: (node, [dy]) => [dy?.graph.node("upsample", [dy], [{ shape: inputOf(node, 0).shape }], node.attributes)[0]],
});

/**
 * Repeats each pixel `size` times in both directions.
 * @param x [n, h, w, c]
 * @returns [n, size·h, size·w, c]
 */
export function upsampleNearest2d(x: Tensor, size = 2): Tensor {
  checkAxes("upsampleNearest2d", x, "[n, h, w, c]");
  checkWhole("upsampleNearest2d: size", size, 1);
  const [n, h, w, c] = x.shape as [number, number, number, number];
  return x.graph.node("upsample", [x], [{ shape: [n, h * size, w * size, c] }], { size, scale: 1 })[0]!;
}

defineOp({
  name: "upsample",
  cheap: true,
  // The transpose sums over the repeated pixels: an average pool with another scale.
  gradient: (node, [dy]) => [
    dy?.graph.node("average_pool", [dy], [{ shape: inputOf(node, 0).shape }], {
      size: numberOf(node, "size"),
      scale: numberOf(node, "scale"),
    })[0],
  ],
});
