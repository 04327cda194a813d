/** What the f64 loops ask of indices. */
import { ShapeError } from "../../errors.ts";
import type { Numbers } from "./ops.ts";

/**
 * Passes indices that are all below `limit`. On devices, where nothing can throw, the others give NaN.
 * @param where the op and its input, such as `gather: ids`
 * @throws ShapeError naming the first that is not
 */
export function expectBelow(where: string, indices: Numbers, limit: number): void {
  for (const index of indices)
    if (index >= limit) throw new ShapeError(where, `indices below ${String(limit)}`, String(index));
}
