/** Rules that several ops share. */
import { ShapeError } from "../../errors.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { sameShape } from "../tensor.ts";

/** @param axes by name, such as `[n, h, w, c]` @throws ShapeError when the tensor has more or fewer */
export function checkAxes(where: string, { shape }: Tensor, axes: string): void {
  if (shape.length !== axes.split(",").length) throw new ShapeError(where, axes, shape);
}

/** @throws ShapeError when the tensor has another shape */
export function checkShape(where: string, tensor: Tensor, shape: Shape): void {
  if (!sameShape(tensor.shape, shape)) throw new ShapeError(where, shape, tensor.shape);
}

/** @throws ShapeError for what is no whole number, or too small */
export function checkWhole(where: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new ShapeError(where, `a whole number of at least ${String(least)}`, String(value));
}

/** Kernels take constants as f32 literals. @throws ShapeError for what none is */
export function checkFinite(where: string, value: number): void {
  if (!Number.isFinite(Math.fround(value))) throw new ShapeError(where, "a finite f32", String(value));
}
