/** f64 loops of attention and its gradient. */
import type { Node } from "../../graph/tensor.ts";
import { flagOf, inputOf, numberOf, sizeOf } from "../../graph/tensor.ts";
import type { Numbers } from "./ops.ts";
import { defineReference } from "./ops.ts";

/** Calls `visit` for each row of scores: where query i, its keys' first and its statistics lie, and how many keys it sees. */
function eachRow(node: Node, visit: (query: number, firstKey: number, row: number, seen: number) => void): void {
  const [b, tq, width] = inputOf(node, 0).shape as [number, number, number];
  const tk = sizeOf(inputOf(node, 1), 1);
  const heads = numberOf(node, "heads");
  const d = width / heads;
  for (let image = 0; image < b; image++)
    for (let head = 0; head < heads; head++)
      for (let i = 0; i < tq; i++)
        visit(
          (image * tq + i) * width + head * d,
          image * tk * width + head * d,
          (image * heads + head) * tq + i,
          flagOf(node, "causal") ? i + 1 : tk,
        );
}

/** Σ_c a[i + c] b[j + c] over a head. */
function dot(a: Numbers, i: number, b: Numbers, j: number, d: number): number {
  let sum = 0;
  for (let c = 0; c < d; c++) sum += a[i + c]! * b[j + c]!;
  return sum;
}

defineReference("attention", (node, [q, k, v]) => {
  const width = sizeOf(inputOf(node, 0), -1);
  const d = width / numberOf(node, "heads");
  const scale = numberOf(node, "scale");
  const y = new Float64Array(q!.length);
  const lse = new Float64Array(q!.length / d);
  eachRow(node, (query, firstKey, row, seen) => {
    const scores = Float64Array.from({ length: seen }, (_, j) => scale * dot(q!, query, k!, firstKey + j * width, d));
    const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
    const sum = scores.reduce((total, score) => total + Math.exp(score - largest), 0);
    lse[row] = largest + Math.log(sum);
    scores.forEach((score, j) => {
      const p = Math.exp(score - largest) / sum;
      for (let c = 0; c < d; c++) y[query + c]! += p * v![firstKey + j * width + c]!;
    });
  });
  return [y, lse];
});

// dv = Pᵀ dy, dS = P ∘ (dy vᵀ − rowsum(dy ∘ y)), dq = dS k · scale, dk = dSᵀ q · scale
defineReference("attention_gradient", (node, [q, k, v, y, lse, dy]) => {
  const width = sizeOf(inputOf(node, 0), -1);
  const d = width / numberOf(node, "heads");
  const scale = numberOf(node, "scale");
  const dq = new Float64Array(q!.length);
  const dk = new Float64Array(k!.length);
  const dv = new Float64Array(v!.length);
  eachRow(node, (query, firstKey, row, seen) => {
    const delta = dot(dy!, query, y!, query, d);
    for (let j = 0; j < seen; j++) {
      const key = firstKey + j * width;
      const p = Math.exp(scale * dot(q!, query, k!, key, d) - lse![row]!);
      const ds = scale * p * (dot(dy!, query, v!, key, d) - delta);
      for (let c = 0; c < d; c++) {
        dq[query + c]! += ds * k![key + c]!;
        dk[key + c]! += ds * q![query + c]!;
        dv[key + c]! += p * dy![query + c]!;
      }
    }
  });
  return [dq, dk, dv];
});
