/** Rows of a table by index. */
import { ShapeError } from "../../errors.ts";
import { defineOp } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { inputOf } from "../tensor.ts";
import { checkAxes } from "./check.ts";

/**
 * Rows of a table.
 * @param table [rows, c]
 * @param ids [...] u32, below `rows`: any other gives a row of NaN and has no gradient on devices, a ShapeError on the reference
 * @returns [..., c]
 */
export function gather(table: Tensor, ids: Tensor): Tensor {
  checkAxes("gather: table", table, "[rows, c]");
  const [, c] = table.shape as [number, number];
  if (ids.dtype !== "u32") throw new ShapeError("gather: element type of ids", "u32", ids.dtype);
  return table.graph.node("gather", [table, ids], [{ shape: [...ids.shape, c] }])[0]!;
}

defineOp({
  name: "gather",
  integers: [1],
  cheap: true,
  // dtable[r] = Σ over places with ids = r of dy, each row summed by one owner: no atomics
  gradient: (node, [dy]) => {
    const [table, ids] = [inputOf(node, 0), inputOf(node, 1)];
    return [dy?.graph.node("gather_gradient", [ids, dy], [{ shape: table.shape }])[0]];
  },
});
defineOp({ name: "gather_gradient", integers: [0] });
