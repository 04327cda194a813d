/** f64 loops of top-k. */
import { inputOf, numberOf } from "../../graph/tensor.ts";
import { defineReference } from "./ops.ts";

defineReference("top_k", (node, [scores]) => {
  const [n, m] = inputOf(node, 0).shape as [number, number];
  const k = numberOf(node, "k");
  const values = new Float64Array(n * k);
  const indices = new Uint32Array(n * k);
  for (let r = 0; r < n; r++) {
    const row = scores!.subarray(r * m, (r + 1) * m);
    const order = Array.from({ length: m }, (_, j) => j).sort((a, b) => compare(row[b]!, row[a]!) || a - b);
    for (let j = 0; j < k; j++) {
      values[r * k + j] = row[order[j]!]!;
      indices[r * k + j] = order[j]!;
    }
  }
  return [values, indices];
});

/** Below 0 where a comes before b in ascending order, NaN before -Infinity. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a === b ? 0 : a - b; // ∞ − ∞ is NaN
}
