/** Softmax and the losses and scores built on it. */
import { ShapeError } from "../../errors.ts";
import { defineOp } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { outputOf, sizeOf } from "../tensor.ts";
import { checkAxes, checkShape } from "./check.ts";

/** Probabilities along the last axis. @param x [..., c] */
export function softmax(x: Tensor): Tensor {
  return x.graph.node("softmax", [x], [{ shape: x.shape }])[0]!;
}

defineOp({
  name: "softmax",
  // dx = y ∘ (dy − rowsum(dy ∘ y))
  gradient: (node, [dy]) => {
    const y = outputOf(node);
    return [dy?.graph.node("softmax_gradient", [y, dy], [{ shape: y.shape }])[0]];
  },
});
defineOp({ name: "softmax_gradient" });

/**
 * −log softmax(logits)[label] of each row.
 * @param logits [n, classes]
 * @param labels [n] u32, below `classes`: any other gives NaN, in the gradient too, on devices, a ShapeError on the reference
 * @returns [n]
 */
export function crossEntropyRows(logits: Tensor, labels: Tensor): Tensor {
  checkLabels("crossEntropy", logits, labels);
  return logits.graph.node("cross_entropy", [logits, labels], [{ shape: labels.shape }])[0]!;
}

defineOp({
  name: "cross_entropy",
  integers: [1],
  // dlogits = (softmax(logits) − onehot(labels)) · dy
  gradient: (node, [dy]) => {
    const [logits, labels] = node.inputs as [Tensor, Tensor];
    return [dy?.graph.node("cross_entropy_gradient", [logits, labels, dy], [{ shape: logits.shape }])[0]];
  },
});
defineOp({ name: "cross_entropy_gradient", integers: [1] });

/**
 * 1 where the largest logit is the label's, else 0; the first of equal logits counts.
 * @param logits [n, classes]
 * @param labels [n] u32, below `classes`: any other gives 0 on devices, a ShapeError on the reference
 * @returns [n]
 */
export function top1(logits: Tensor, labels: Tensor): Tensor {
  checkLabels("top1", logits, labels);
  return logits.graph.node("top1", [logits, labels], [{ shape: labels.shape }])[0]!;
}

defineOp({ name: "top1", integers: [1] });

/**
 * The k largest of each row, largest first; of equal scores the lower index comes first. NaN counts as less than -Infinity.
 * @param scores [n, m]
 * @returns values [n, k] and indices [n, k] u32
 */
export function topK(scores: Tensor, k: number): { readonly values: Tensor; readonly indices: Tensor } {
  checkAxes("topK: scores", scores, "[n, m]");
  const [n, m] = scores.shape as [number, number];
  if (!Number.isInteger(k) || k < 1 || k > m) throw new ShapeError("topK", `k of 1 to ${String(m)}`, String(k));
  const [values, indices] = scores.graph.node("top_k", [scores], [{ shape: [n, k] }, { shape: [n, k], dtype: "u32" }], {
    k,
  });
  return { values: values!, indices: indices! };
}

defineOp({ name: "top_k" });

function checkLabels(where: string, logits: Tensor, labels: Tensor): void {
  checkAxes(`${where}: logits`, logits, "[n, classes]");
  checkShape(`${where}: labels`, labels, [sizeOf(logits, 0)]);
  if (labels.dtype !== "u32") throw new ShapeError(`${where}: element type of labels`, "u32", labels.dtype);
}
