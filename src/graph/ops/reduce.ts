/** Sums over broadcast axes, and their transpose. */
import { defineOp } from "../op.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { elementCount, inputOf, sameShape } from "../tensor.ts";
import { broadcastOf } from "./broadcast.ts";
import { reshape } from "./shape.ts";

/**
 * Sums the axes along which `shape` would be broadcast to `x`.
 * @param shape right-aligned to x's, each size equal or 1
 * @returns a tensor of `shape`
 */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (sameShape(withoutOnes(x.shape), withoutOnes(shape))) return reshape(x, shape);
  const { sizes, strides } = broadcastOf("sumTo", x.shape, shape);
  return x.graph.node("sum_to", [x], [{ shape }], { sizes, strides })[0]!;
}

/** Nothing is summed or repeated along axes of one. */
const withoutOnes = (shape: Shape): Shape => shape.filter((size) => size !== 1);

defineOp({
  name: "sum_to",
  // dx repeats dy along the summed axes
  gradient: (node, [dy]) => [dy && broadcastTo(dy, inputOf(node, 0).shape)],
});

/** Repeats a tensor along a larger shape. @param x right-aligned to `shape`, each size equal or 1 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  const { sizes, strides } = broadcastOf("broadcastTo", shape, x.shape);
  if (elementCount(shape) === elementCount(x.shape)) return sameShape(x.shape, shape) ? x : reshape(x, shape);
  return x.graph.node("broadcast_to", [x], [{ shape }], { sizes, strides })[0]!;
}

defineOp({
  name: "broadcast_to",
  cheap: true,
  gradient: (node, [dy]) => [dy && sumTo(dy, inputOf(node, 0).shape)],
});
