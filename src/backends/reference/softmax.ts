/** f64 loops of softmax and of the losses and scores built on it. */
import { inputOf, sizeOf } from "../../graph/tensor.ts";
import { expectBelow } from "./bounds.ts";
import type { Numbers } from "./ops.ts";
import { defineReference } from "./ops.ts";

/** The probabilities of one row. */
function probabilities(row: Float64Array): Float64Array {
  const largest = row.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = Float64Array.from(row, (value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

/** The rows of a tensor. */
function* rows(x: Numbers, width: number): Generator<[number, Float64Array]> {
  for (let row = 0; row * width < x.length; row++)
    yield [row, Float64Array.from(x.subarray(row * width, (row + 1) * width))];
}

defineReference("softmax", (node, [x]) => {
  const width = sizeOf(inputOf(node, 0), -1);
  const y = new Float64Array(x!.length);
  for (const [row, values] of rows(x!, width)) y.set(probabilities(values), row * width);
  return [y];
});

// dx = y ∘ (dy − Σ dy ∘ y)
defineReference("softmax_gradient", (node, [y, dy]) => {
  const width = sizeOf(inputOf(node, 0), -1);
  const dx = new Float64Array(y!.length);
  for (const [row, values] of rows(y!, width)) {
    const mean = values.reduce((sum, value, c) => sum + value * dy![row * width + c]!, 0);
    values.forEach((value, c) => (dx[row * width + c] = value * (dy![row * width + c]! - mean)));
  }
  return [dx];
});

defineReference("cross_entropy", (node, [logits, labels]) => {
  const width = sizeOf(inputOf(node, 0), -1);
  expectBelow("cross_entropy: labels", labels!, width);
  const y = new Float64Array(labels!.length);
  for (const [row, values] of rows(logits!, width)) {
    const largest = values.reduce((most, value) => Math.max(most, value), -Infinity);
    const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
    y[row] = Math.log(sum) + largest - values[labels![row]!]!;
  }
  return [y];
});

// dlogits = (softmax(logits) − onehot(labels)) · dy
defineReference("cross_entropy_gradient", (node, [logits, labels, dy]) => {
  const width = sizeOf(inputOf(node, 0), -1);
  expectBelow("cross_entropy_gradient: labels", labels!, width);
  const dlogits = new Float64Array(logits!.length);
  for (const [row, values] of rows(logits!, width)) {
    probabilities(values).forEach((probability, c) => {
      dlogits[row * width + c] = (probability - (c === labels![row] ? 1 : 0)) * dy![row]!;
    });
  }
  return [dlogits];
});

defineReference("top1", (node, [logits, labels]) => {
  const width = sizeOf(inputOf(node, 0), -1);
  expectBelow("top1: labels", labels!, width);
  const y = new Float64Array(labels!.length);
  for (const [row, values] of rows(logits!, width))
    y[row] = values.indexOf(Math.max(...values)) === labels![row] ? 1 : 0;
  return [y];
});
