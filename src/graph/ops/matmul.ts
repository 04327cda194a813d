/** Matrix products. */
import { ShapeError } from "../../errors.ts";
import { defineOp } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { elementCount, flagOf, inputOf, sameShape, sizeOf } from "../tensor.ts";
import { add } from "./elementwise.ts";
import { reshape } from "./shape.ts";

/** Which operands are stored transposed. */
export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * The matrix product op(a)·op(b), batched over leading axes.
 *
 * @param a [..., m, k], or [..., k, m] with `transposeA`
 * @param b [..., k, n], or [..., n, k] with `transposeB`; with two axes it is shared by the whole batch
 * @returns [..., m, n]
 * @throws ShapeError when the inner sizes or the batches differ
 */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions = {}): Tensor {
  if (b.shape.length === 2 && a.shape.length > 2 && !transposeA) {
    const rows = reshape(a, [elementCount(a.shape.slice(0, -1)), sizeOf(a, -1)]);
    const y = matmul(rows, b, { transposeB });
    return reshape(y, [...a.shape.slice(0, -1), sizeOf(y, -1)]);
  }
  for (const [name, { shape }] of [
    ["a", a],
    ["b", b],
  ] as const)
    if (shape.length < 2) throw new ShapeError(`matmul: ${name}`, "[..., rows, columns]", shape);
  const [m, k] = transposeA ? [sizeOf(a, -1), sizeOf(a, -2)] : [sizeOf(a, -2), sizeOf(a, -1)];
  const [n, kb] = transposeB ? [sizeOf(b, -2), sizeOf(b, -1)] : [sizeOf(b, -1), sizeOf(b, -2)];
  const batch = a.shape.slice(0, -2);
  if (kb !== k) throw new ShapeError("matmul: inner sizes", [k], [kb]);
  if (!sameShape(batch, b.shape.slice(0, -2))) throw new ShapeError("matmul: batch", batch, b.shape.slice(0, -2));
  return a.graph.node("matmul", [a, b], [{ shape: [...batch, m, n] }], { transposeA, transposeB })[0]!;
}

defineOp({
  name: "matmul",
  gradient: (node, [dy], [needsA, needsB]) => {
    if (!dy) return [];
    const a = inputOf(node, 0);
    const b = inputOf(node, 1);
    const [ta, tb] = [flagOf(node, "transposeA"), flagOf(node, "transposeB")];
    // y = ab: da = dy bᵀ, db = aᵀ dy; the transposed forms follow by transposing both sides
    const da = (): Tensor =>
      ta ? matmul(b, dy, { transposeA: tb, transposeB: true }) : matmul(dy, b, { transposeB: !tb });
    const db = (): Tensor =>
      tb ? matmul(dy, a, { transposeA: true, transposeB: ta }) : matmul(a, dy, { transposeA: !ta });
    return [needsA ? da() : undefined, needsB ? db() : undefined];
  },
});

/**
 * A linear layer: x·weight + bias.
 * @param x [..., in]
 * @param weight [in, out]
 * @param bias [out]
 * @returns [..., out]
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const y = matmul(x, weight);
  return bias ? add(y, bias) : y;
}
