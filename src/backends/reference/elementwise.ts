/** f64 loops of elementwise ops. */
import type { BinaryKind } from "../../graph/ops/elementwise.ts";
import { listOf, stringOf } from "../../graph/tensor.ts";
import { defineReference } from "./ops.ts";

const binary: Readonly<Record<BinaryKind, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

defineReference("binary", (node, [a, b]) => {
  const f = binary[stringOf(node, "kind") as BinaryKind];
  const [P, Q, C] = listOf(node, "sizes") as [number, number, number];
  const [sp, sq, sc] = listOf(node, "strides") as [number, number, number];
  const y = new Float64Array(P * Q * C);
  let i = 0;
  for (let p = 0; p < P; p++)
    for (let q = 0; q < Q; q++) for (let c = 0; c < C; c++, i++) y[i] = f(a![i]!, b![p * sp + q * sq + c * sc]!);
  return [y];
});
