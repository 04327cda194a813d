/** Views, slices and concatenation along the last axis. */
import { ShapeError } from "../../errors.ts";
import { defineOp } from "../op.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { elementCount, inputOf, numberOf, sameShape, sizeOf } from "../tensor.ts";
import { checkAxes, checkShape, checkWhole } from "./check.ts";

/** The same elements under another shape; moves nothing. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (elementCount(shape) !== elementCount(x.shape))
    throw new ShapeError("reshape", `${String(elementCount(x.shape))} elements`, shape);
  if (sameShape(x.shape, shape)) return x;
  return x.graph.node("reshape", [x], [{ shape, dtype: x.dtype }])[0]!;
}

defineOp({
  name: "reshape",
  view: true,
  gradient: (node, [dy]) => [dy && reshape(dy, inputOf(node, 0).shape)],
});

/**
 * Joins tensors along the last axis.
 * @param xs [..., c_k], equal but for the last axis
 * @returns [..., Σ c_k]
 */
export function concat(xs: readonly Tensor[]): Tensor {
  const [first] = xs;
  if (!first) throw new ShapeError("concat", "at least one tensor", [0]);
  const lead = first.shape.slice(0, -1);
  for (const x of xs)
    if (!sameShape(x.shape.slice(0, -1), lead)) throw new ShapeError("concat", [...lead, sizeOf(x, -1)], x.shape);
  const width = xs.reduce((total, x) => total + sizeOf(x, -1), 0);
  return first.graph.node("concat", xs, [{ shape: [...lead, width] }])[0]!;
}

defineOp({
  name: "concat",
  cheap: true,
  gradient: (node, [dy], needs) => {
    let start = 0;
    return node.inputs.map((input, index) => {
      const width = sizeOf(input, -1);
      start += width;
      return dy && needs[index] ? slice(dy, start - width, width) : undefined;
    });
  },
});

/**
 * A range of the last axis.
 * @param x [..., c]
 * @returns [..., length]
 */
export function slice(x: Tensor, start: number, length: number): Tensor {
  const width = sizeOf(x, -1);
  checkWhole("slice: start", start, 0);
  checkWhole("slice: length", length, 1);
  if (start + length > width) throw new ShapeError("slice", `a range inside ${String(width)}`, [start, start + length]);
  if (length === width) return x;
  return x.graph.node("slice", [x], [{ shape: [...x.shape.slice(0, -1), length] }], { start })[0]!;
}

defineOp({
  name: "slice",
  cheap: true,
  gradient: (node, [dy]) => {
    const x = inputOf(node, 0);
    return [dy && pad(dy, numberOf(node, "start"), sizeOf(x, -1))];
  },
});

/**
 * Places a tensor inside a wider last axis of zeros.
 * @param x [..., c]
 * @param start where x begins
 * @param width the new size of the last axis
 */
export function pad(x: Tensor, start: number, width: number): Tensor {
  const length = sizeOf(x, -1);
  checkWhole("pad: start", start, 0);
  if (start + length > width) throw new ShapeError("pad", `room for ${String(length)} at ${String(start)}`, [width]);
  if (length === width) return x;
  return x.graph.node("pad", [x], [{ shape: [...x.shape.slice(0, -1), width] }], { start })[0]!;
}

defineOp({
  name: "pad",
  cheap: true,
  gradient: (node, [dy]) => [dy && slice(dy, numberOf(node, "start"), sizeOf(inputOf(node, 0), -1))],
});

/**
 * Chosen rows of the second axis, one a batch element, zeroing none: x[b, rows[b], :].
 * Used to pool a text at its end-of-text token.
 * @param x [b, t, c]
 * @param rows [b] u32, below t: any other gives a row of NaN and has no gradient on devices, a ShapeError on the reference
 * @returns [b, c]
 */
export function pickRows(x: Tensor, rows: Tensor): Tensor {
  checkAxes("pickRows", x, "[b, t, c]");
  const [b, , c] = x.shape as [number, number, number];
  checkShape("pickRows: rows", rows, [b]);
  if (rows.dtype !== "u32") throw new ShapeError("pickRows: element type of rows", "u32", rows.dtype);
  return x.graph.node("pick_rows", [x, rows], [{ shape: [b, c] }])[0]!;
}

defineOp({
  name: "pick_rows",
  integers: [1],
  cheap: true,
  gradient: (node, [dy]) => {
    const x = inputOf(node, 0);
    return [dy?.graph.node("pick_rows_gradient", [inputOf(node, 1), dy], [{ shape: x.shape }])[0]];
  },
});
defineOp({ name: "pick_rows_gradient", integers: [0], cheap: true });
