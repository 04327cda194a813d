/**
 * Lowering of attention. On GPUs narrow heads run in tiles that never store a score; elsewhere it is products per head
 * with softmax between, over pieces of the score matrix. The scale is applied beside softmax, so that q·kᵀ and dy·vᵀ are one
 * pipeline, as are the products of a row of scores and those of a column.
 */
import type { Node, Tensor } from "../../../graph/tensor.ts";
import { elementCount, flagOf, numberOf, outputOf } from "../../../graph/tensor.ts";
import type { Dispatch, LoweringContext, Operand, Scratch } from "../lowering.ts";
import { defineLowering, lineGrid } from "../lowering.ts";
import { tensorBytes } from "../plan.ts";
import type { Profile } from "../profile.ts";
import { flashBackward, flashForward, isFlash } from "./attention-flash.ts";
import type { AttentionShape, Piece } from "./attention-pieces.ts";
import { attentionPieces, paddedKeys, shapeOf } from "./attention-pieces.ts";
import type { Matrices } from "./gemm.ts";
import { product } from "./gemm.ts";

/** Scores of one piece take at most this much: 32 MiB on the portable floor of 128 MiB a binding. */
const scoresLimit = ({ maxBindingBytes }: Profile): number => Math.min(maxBindingBytes / 4, 32 << 20);

/** The heads of a piece of q, k, v or one of their like: one matrix an image and a head. */
function headsOf(of: Operand, tokens: number, { heads, d }: AttentionShape): Matrices {
  return { of, stride: heads * d, outer: tokens * heads * d, inner: d };
}

/** A tensor's memory from an image and a row on. @param tokens rows of an image */
function from(tensor: Tensor, image: number, row: number, tokens: number, { heads, d }: AttentionShape): Operand {
  const offset = (image * tokens + row) * heads * d * 4;
  return offset === 0 ? tensor : { of: tensor, offset, bytes: tensorBytes(tensor) - offset };
}

/** The score matrices of a piece, lying one after another. */
function scoresOf(of: Operand, { rows }: Piece, { heads, keys }: AttentionShape): Matrices {
  const stride = paddedKeys(keys);
  return { of, stride, outer: heads * rows * stride, inner: rows * stride };
}

/** Constants and sizes of lib/attention_scores.wgsl. */
function scoreShape(
  node: Node,
  piece: Piece,
  { heads, queries, keys }: AttentionShape,
): Pick<Dispatch, "constants" | "sizes"> {
  return {
    constants: { CAUSAL: flagOf(node, "causal"), WHOLE_KEYS: keys % 4 === 0, SCALE: numberOf(node, "scale") },
    sizes: {
      HEADS: heads,
      QUERIES: queries,
      KEYS: keys,
      ROWS: piece.rows,
      BATCHES: piece.batches,
      ROW_BEGIN: piece.rowBegin,
      BATCH_BEGIN: piece.batchBegin,
    },
  };
}

const rowGrid = (rows: number, profile: Profile): readonly [number, number, number] =>
  lineGrid(profile.name === "gpu" ? rows : Math.ceil(rows / 64));

const rowSuffix = (profile: Profile): "" | "_tiled" => (profile.name === "gpu" ? "_tiled" : "");

/** Scratch for the largest piece's scores. */
function scoresScratch(
  context: LoweringContext,
  pieces: readonly Piece[],
  { heads, keys }: AttentionShape,
  label: string,
): Scratch {
  const rows = Math.max(...pieces.map((piece) => piece.batches * piece.rows));
  return context.scratch(rows * heads * paddedKeys(keys) * 4, label);
}

/** Piece of a·bᵀ: scores of queries a against keys b. */
function multiplyScores(
  context: LoweringContext,
  [a, b, c]: readonly [Tensor, Tensor, Scratch],
  piece: Piece,
  shape: AttentionShape,
): void {
  const { queries, keys, heads, d } = shape;
  product(
    {
      m: piece.rows,
      n: paddedKeys(keys), // what stands beyond the last key is garbage and is masked
      k: d,
      batch: piece.batches * heads,
      batchInner: heads,
      a: headsOf(from(a, piece.batchBegin, piece.rowBegin, queries, shape), queries, shape),
      b: { ...headsOf(from(b, piece.batchBegin, 0, keys, shape), keys, shape), transposed: true },
      c: scoresOf(c, piece, shape),
    },
    context,
  );
}

/** Piece of scores·b: a row a query. */
function multiplyValues(
  context: LoweringContext,
  [scores, b, c]: readonly [Scratch, Tensor, Tensor],
  piece: Piece,
  shape: AttentionShape,
): void {
  const { queries, keys, heads, d } = shape;
  product(
    {
      m: piece.rows,
      n: d,
      k: keys,
      batch: piece.batches * heads,
      batchInner: heads,
      a: scoresOf(scores, piece, shape),
      b: headsOf(from(b, piece.batchBegin, 0, keys, shape), keys, shape),
      c: headsOf(from(c, piece.batchBegin, piece.rowBegin, queries, shape), queries, shape),
    },
    context,
  );
}

defineLowering("attention", (node, context) => {
  const shape = shapeOf(node);
  if (isFlash(shape, context.profile)) {
    flashForward(node, context);
    return;
  }
  const [q, k, v] = node.inputs as [Tensor, Tensor, Tensor];
  const [y, lse] = node.outputs as [Tensor, Tensor];
  const pieces = attentionPieces(shape, scoresLimit(context.profile));
  const scores = scoresScratch(context, pieces, shape, "scores");
  for (const piece of pieces) {
    multiplyScores(context, [q, k, scores], piece, shape);
    context.dispatch({
      shader: `attention/attention_softmax${rowSuffix(context.profile)}.wgsl`,
      ...scoreShape(node, piece, shape),
      bindings: [scores, lse],
      workgroups: rowGrid(piece.batches * shape.heads * piece.rows, context.profile),
    });
    multiplyValues(context, [scores, v, y], piece, shape);
  }
});

defineLowering("attention_gradient", (node, context) => {
  const shape = shapeOf(node);
  const [q, k, v, y, lse, dy] = node.inputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  const [dq, dk, dv] = [outputOf(node, 0), outputOf(node, 1), outputOf(node, 2)];
  const delta = context.scratch(elementCount(lse.shape) * 4, "delta");
  context.dispatch({
    shader: "attention/attention_delta.wgsl",
    constants: {},
    sizes: { BATCH: shape.batch, QUERIES: shape.queries, HEADS: shape.heads, VECTORS: shape.d / 4 },
    bindings: [y, dy, delta],
    workgroups: lineGrid(Math.ceil(elementCount(lse.shape) / 64)),
  });
  if (isFlash(shape, context.profile)) {
    flashBackward(node, delta, context);
    return;
  }
  const pieces = attentionPieces(shape, scoresLimit(context.profile) / 2);
  const scores = scoresScratch(context, pieces, shape, "scores");
  const dscores = scoresScratch(context, pieces, shape, "gradients of scores");
  const dkSums = new KeySums(context, dk, shape, pieces);
  const dvSums = new KeySums(context, dv, shape, pieces);
  for (const piece of pieces) {
    multiplyScores(context, [q, k, scores], piece, shape);
    multiplyScores(context, [dy, v, dscores], piece, shape);
    context.dispatch({
      shader: `attention/attention_scores_gradient${rowSuffix(context.profile)}.wgsl`,
      ...scoreShape(node, piece, shape),
      bindings: [scores, dscores, lse, delta],
      workgroups: rowGrid(piece.batches * shape.heads * piece.rows, context.profile),
    });
    multiplyValues(context, [dscores, k, dq], piece, shape);
    dkSums.add(dscores, q, piece);
    dvSums.add(scores, dy, piece);
  }
});

/** dk or dv: scoresᵀ·x summed over the pieces of the queries of an image. */
class KeySums {
  readonly #context: LoweringContext;
  readonly #result: Tensor;
  readonly #shape: AttentionShape;
  /** Sums so far, by turns, since a kernel cannot add to what it reads; the last may need cutting to the keys there are. */
  readonly #sums: readonly Scratch[];
  #turn = 0;

  constructor(context: LoweringContext, result: Tensor, shape: AttentionShape, pieces: readonly Piece[]) {
    this.#context = context;
    this.#result = result;
    this.#shape = shape;
    const [first] = pieces;
    const bytes = first!.batches * paddedKeys(shape.keys) * shape.heads * shape.d * 4;
    const several = first!.rows < shape.queries;
    const names = several ? ["a", "b"] : this.#isPadded ? ["a"] : [];
    this.#sums = names.map((name) => context.scratch(bytes, `key sums ${name}`));
  }

  get #isPadded(): boolean {
    return this.#shape.keys % 4 !== 0;
  }

  add(scores: Scratch, x: Tensor, piece: Piece): void {
    const { queries, keys, heads, d } = this.#shape;
    const rows = paddedKeys(keys);
    const last = piece.rowBegin + piece.rows === queries;
    const before = piece.rowBegin > 0 ? this.#sums[this.#turn % 2] : undefined;
    this.#turn++;
    const result = from(this.#result, piece.batchBegin, 0, keys, this.#shape);
    const sum = last && !this.#isPadded ? result : this.#sums[this.#turn % this.#sums.length]!;
    product(
      {
        m: rows,
        n: d,
        k: piece.rows,
        batch: piece.batches * heads,
        batchInner: heads,
        a: { ...scoresOf(scores, piece, this.#shape), transposed: true },
        b: headsOf(from(x, piece.batchBegin, piece.rowBegin, queries, this.#shape), queries, this.#shape),
        c: headsOf(sum, rows, this.#shape),
        ...(before ? { residual: before } : {}),
      },
      this.#context,
    );
    if (last && this.#isPadded) this.#crop(sum, result, piece.batches);
  }

  #crop(sum: Operand, result: Operand, batches: number): void {
    const { keys, heads, d } = this.#shape;
    this.#context.dispatch({
      shader: "attention/attention_crop_keys.wgsl",
      constants: {},
      sizes: { BATCH: batches, KEYS: keys, PADDED: paddedKeys(keys), VECTORS: (heads * d) / 4 },
      bindings: [sum, result],
      workgroups: lineGrid(Math.ceil((batches * keys * heads * d) / 4 / 64)),
    });
  }
}
