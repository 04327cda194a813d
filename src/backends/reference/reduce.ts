/** f64 loops of sums over broadcast axes. */
import { elementCount, listOf, outputOf } from "../../graph/tensor.ts";
import { defineReference } from "./ops.ts";

defineReference("sum_to", (node, [x]) => {
  const [P, Q, C] = listOf(node, "sizes") as [number, number, number];
  const [sp, sq, sc] = listOf(node, "strides") as [number, number, number];
  const y = new Float64Array(elementCount(outputOf(node).shape));
  let i = 0;
  for (let p = 0; p < P; p++)
    for (let q = 0; q < Q; q++) for (let c = 0; c < C; c++, i++) y[p * sp + q * sq + c * sc]! += x![i]!;
  return [y];
});

defineReference("broadcast_to", (node, [x]) => {
  const [P, Q, C] = listOf(node, "sizes") as [number, number, number];
  const [sp, sq, sc] = listOf(node, "strides") as [number, number, number];
  const y = new Float64Array(P * Q * C);
  let i = 0;
  for (let p = 0; p < P; p++)
    for (let q = 0; q < Q; q++) for (let c = 0; c < C; c++, i++) y[i] = x![p * sp + q * sq + c * sc]!;
  return [y];
});
