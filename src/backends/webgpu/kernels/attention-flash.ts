/** Attention in tiles that never store a score: for GPUs and heads that fit in registers. */
import type { Node, Tensor } from "../../../graph/tensor.ts";
import { elementCount, flagOf, numberOf } from "../../../graph/tensor.ts";
import type { Dispatch, LoweringContext, Operand, Scratch } from "../lowering.ts";
import type { Profile } from "../profile.ts";
import type { AttentionShape } from "./attention-pieces.ts";
import { shapeOf } from "./attention-pieces.ts";
import { batchBands, operandFrom } from "./bands.ts";

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
const flashGrid = (rows: number, images: number, { heads }: AttentionShape): Dispatch["workgroups"] => [
  Math.ceil(rows / 64),
  heads,
  images,
];

/** An image's part of a tensor is a number of f32 at least: every 64th begins at a multiple of 256 bytes, as bindings must. */
const alignedImages = 64;

/** Gives what a kernel binds of a tensor, or of memory laid out as it, from a band's first image on. */
type BandOf = (tensor: Tensor, memory?: Operand) => Operand;

/** Calls back for every band of images that a grid holds. */
function forEachBand({ batch }: AttentionShape, visit: (images: number, from: BandOf) => void): void {
  for (const { start, count } of batchBands(batch, alignedImages)) {
    visit(count, (tensor, memory = tensor) => operandFrom(memory, ((4 * elementCount(tensor.shape)) / batch) * start));
  }
}

/** Dispatches attention's forward pass. */
export function flashForward(node: Node, context: LoweringContext): void {
  const shape = shapeOf(node);
  forEachBand(shape, (images, from) => {
    context.dispatch({
      shader: "attention/attention_flash.wgsl",
      ...flashShape(node, shape),
      bindings: [...node.inputs, ...node.outputs].map((tensor) => from(tensor)),
      workgroups: flashGrid(shape.queries, images, shape),
      flops: 4 * images * shape.heads * shape.queries * shape.keys * shape.d,
    });
  });
}

/** Dispatches attention's backward pass. @param delta [batch, heads, queries], Σ dy ∘ y */
export function flashBackward(node: Node, delta: Scratch, context: LoweringContext): void {
  const shape = shapeOf(node);
  const [q, k, v, , lse, dy] = node.inputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  forEachBand(shape, (images, from) => {
    const flops = images * shape.heads * shape.queries * shape.keys * shape.d;
    const given = [from(q), from(k), from(v), from(lse), from(lse, delta), from(dy)];
    const [dq, dk, dv] = node.outputs.map((tensor) => from(tensor)) as [Operand, Operand, Operand];
    context.dispatch({
      shader: "attention/attention_flash_gradient_q.wgsl",
      ...flashShape(node, shape),
      bindings: [...given, dq],
      workgroups: flashGrid(shape.queries, images, shape),
      flops: 6 * flops,
    });
    context.dispatch({
      shader: "attention/attention_flash_gradient_kv.wgsl",
      ...flashShape(node, shape),
      bindings: [...given, dk, dv],
      workgroups: flashGrid(shape.keys, images, shape),
      flops: 8 * flops,
    });
  });
}
