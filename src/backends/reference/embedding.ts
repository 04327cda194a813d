/** f64 loops of table rows by index. */
import { elementCount, inputOf, outputOf } from "../../graph/tensor.ts";
import { expectBelow } from "./bounds.ts";
import { defineReference } from "./ops.ts";

defineReference("gather", (node, [table, ids]) => {
  const [rows, c] = inputOf(node, 0).shape as [number, number];
  expectBelow("gather: ids", ids!, rows);
  const y = new Float64Array(ids!.length * c);
  ids!.forEach((id, place) => y.set(table!.subarray(id * c, (id + 1) * c), place * c));
  return [y];
});

defineReference("gather_gradient", (node, [ids, dy]) => {
  const [rows, c] = outputOf(node).shape as [number, number];
  expectBelow("gather_gradient: ids", ids!, rows);
  const dtable = new Float64Array(elementCount(outputOf(node).shape));
  ids!.forEach((id, place) => {
    for (let k = 0; k < c; k++) dtable[id * c + k]! += dy![place * c + k]!;
  });
  return [dtable];
});
