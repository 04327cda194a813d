/** Attention in tiles that never store a score: for GPUs and heads that fit in registers. */
import type { Node, Tensor } from "../../../graph/tensor.ts";
import { flagOf, numberOf } from "../../../graph/tensor.ts";
import type { Dispatch, LoweringContext, Scratch } from "../lowering.ts";
import type { Profile } from "../profile.ts";
import type { AttentionShape } from "./attention-pieces.ts";
import { shapeOf } from "./attention-pieces.ts";

/** Heads that fit in the registers of the kernels that keep scores out of memory. */
const widestFlashHead = 64;

/** Whether attention of this shape runs in tiles on this adapter. */
export const isFlash = ({ d }: AttentionShape, profile: Profile): boolean =>
  profile.name === "gpu" && d <= widestFlashHead;

/** Constants and sizes of lib/attention_flash.wgsl. */
function flashShape(node: Node, { heads, queries, keys, d }: AttentionShape): Pick<Dispatch, "constants" | "sizes"> {
  return {
    constants: { VECTORS: d / 4, SCALE: numberOf(node, "scale"), CAUSAL: flagOf(node, "causal") },
    sizes: { HEADS: heads, QUERIES: queries, KEYS: keys },
  };
}

/** A workgroup for 64 rows of a head. */
const flashGrid = (rows: number, { heads, batch }: AttentionShape): readonly [number, number, number] => [
  Math.ceil(rows / 64),
  heads,
  batch,
];

/** Dispatches attention's forward pass. */
export function flashForward(node: Node, context: LoweringContext): void {
  const shape = shapeOf(node);
  context.dispatch({
    shader: "attention/attention_flash.wgsl",
    ...flashShape(node, shape),
    bindings: [...node.inputs, ...node.outputs],
    workgroups: flashGrid(shape.queries, shape),
    flops: 4 * shape.batch * shape.heads * shape.queries * shape.keys * shape.d,
  });
}

/** Dispatches attention's backward pass. @param delta [batch, heads, queries], Σ dy ∘ y */
export function flashBackward(node: Node, delta: Scratch, context: LoweringContext): void {
  const shape = shapeOf(node);
  const [q, k, v, , lse, dy] = node.inputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  const [dq, dk, dv] = node.outputs as [Tensor, Tensor, Tensor];
  const flops = shape.batch * shape.heads * shape.queries * shape.keys * shape.d;
  context.dispatch({
    shader: "attention/attention_flash_gradient_q.wgsl",
    ...flashShape(node, shape),
    bindings: [q, k, v, lse, delta, dy, dq],
    workgroups: flashGrid(shape.queries, shape),
    flops: 6 * flops,
  });
  context.dispatch({
    shader: "attention/attention_flash_gradient_kv.wgsl",
    ...flashShape(node, shape),
    bindings: [q, k, v, lse, delta, dy, dk, dv],
    workgroups: flashGrid(shape.keys, shape),
    flops: 8 * flops,
  });
}
