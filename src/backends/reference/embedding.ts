/** f64 loops of table rows by index. */
import { elementCount, inputOf, outputOf, sizeOf } from "../../graph/tensor.ts";
import { defineReference } from "./ops.ts";

defineReference("gather", (node, [table, ids]) => {
  const c = sizeOf(inputOf(node, 0), 1);
  const y = new Float64Array(ids!.length * c);
  ids!.forEach((id, place) => y.set(table!.subarray(id * c, (id + 1) * c), place * c));
  return [y];
});

defineReference("gather_gradient", (node, [ids, dy]) => {
  const c = sizeOf(outputOf(node), 1);
  const dtable = new Float64Array(elementCount(outputOf(node).shape));
  ids!.forEach((id, place) => {
    for (let k = 0; k < c; k++) dtable[id * c + k]! += dy![place * c + k]!;
  });
  return [dtable];
});
