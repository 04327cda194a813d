/** Scaled dot-product attention over heads laid side by side in the last axis. */
import { ShapeError } from "../../errors.ts";
import { defineOp } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { sizeOf } from "../tensor.ts";
import { checkAxes, checkShape, checkWhole } from "./check.ts";

/** How attention splits and masks. */
export interface AttentionOptions {
  readonly heads: number;
  /** A query sees keys up to its own place. */
  readonly causal?: boolean;
}

/**
 * softmax(q kᵀ / √d) v for each head.
 *
 * @param q [b, tq, heads·d]
 * @param k [b, tk, heads·d]
 * @param v [b, tk, heads·d]
 * @returns [b, tq, heads·d]
 * @throws ShapeError when heads do not divide the width, or d is no multiple of four
 *
 * Vaswani et al. 2017, arXiv:1706.03762, equation 1.
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, { heads, causal = false }: AttentionOptions): Tensor {
  checkAxes("attention: q", q, "[b, tq, heads·d]");
  checkAxes("attention: k", k, "[b, tk, heads·d]");
  checkWhole("attention: heads", heads, 1);
  const [b, tq, width] = q.shape as [number, number, number];
  const tk = sizeOf(k, 1);
  if (width % (4 * heads) !== 0)
    throw new ShapeError("attention", `a width divisible by 4·${String(heads)} heads`, q.shape);
  checkShape("attention: k", k, [b, tk, width]);
  checkShape("attention: v", v, k.shape);
  if (causal && tq !== tk) throw new ShapeError("attention: causal", [b, tq, width], k.shape);
  const scale = 1 / Math.sqrt(width / heads);
  // The second output is log Σ exp of each row of scores: all that the backward pass must keep.
  const outputs = [{ shape: q.shape }, { shape: [b, heads, tq] }];
  return q.graph.node("attention", [q, k, v], outputs, { heads, causal, scale })[0]!;
}

defineOp({
  name: "attention",
  gradient: (node, [dy], needs) => {
    if (!dy) return [];
    const [q, k, v] = node.inputs as [Tensor, Tensor, Tensor];
    const inputs = [q, k, v, ...node.outputs, dy];
    const outputs = [{ shape: q.shape }, { shape: k.shape }, { shape: v.shape }];
    // With P the probabilities: dv = Pᵀ dy, dS = P ∘ (dy vᵀ − rowsum(dy ∘ y)), dq = dS k · scale, dk = dSᵀ q · scale
    const dqkv = dy.graph.node("attention_gradient", inputs, outputs, node.attributes);
    return dqkv.map((dx, index) => (needs[index] ? dx : undefined));
  },
});
defineOp({ name: "attention_gradient" });
