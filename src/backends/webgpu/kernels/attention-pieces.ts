/** Pieces of a score matrix: what of it is in memory at once. */
import type { Node } from "../../../graph/tensor.ts";
import { inputOf, numberOf, sizeOf } from "../../../graph/tensor.ts";

/** Offsets of bindings are multiples of 256 bytes: 64 rows of any width. */
const rowStep = 64;

/** Sizes of an attention. */
export interface AttentionShape {
  readonly batch: number;
  readonly heads: number;
  /** Width of a head. */
  readonly d: number;
  readonly queries: number;
  readonly keys: number;
}

/** A part of the score matrix that is in memory at once: some images, some of their queries, all heads and keys. */
export interface Piece {
  readonly batchBegin: number;
  readonly batches: number;
  readonly rowBegin: number;
  readonly rows: number;
}

/** Keys of a stored row of scores: whole vectors. */
export const paddedKeys = (keys: number): number => Math.ceil(keys / 4) * 4;

/**
 * Cuts the score matrix so that a piece fits in `limitBytes`, where binding offsets allow it: first by images, then by queries.
 */
export function attentionPieces({ batch, heads, d, queries, keys }: AttentionShape, limitBytes: number): Piece[] {
  const rowBytes = heads * paddedKeys(keys) * 4;
  // Images begin at multiples of 256 bytes, or every 16th does.
  const aligned = [queries, keys].every((tokens) => (tokens * heads * d * 4) % 256 === 0);
  const batchStep = Math.min(batch, aligned ? 1 : 16);
  const fit = (bytes: number, step: number, most: number): number =>
    Math.min(most, Math.max(step, Math.floor(limitBytes / bytes / step) * step));
  const batches = fit(rowBytes * queries, batchStep, batch);
  const rows = fit(rowBytes * batches, rowStep, queries);
  const pieces: Piece[] = [];
  for (let batchBegin = 0; batchBegin < batch; batchBegin += batches)
    for (let rowBegin = 0; rowBegin < queries; rowBegin += rows)
      pieces.push({
        batchBegin,
        batches: Math.min(batches, batch - batchBegin),
        rowBegin,
        rows: Math.min(rows, queries - rowBegin),
      });
  return pieces;
}

/** The sizes of an attention node or of its gradient. */
export function shapeOf(node: Node): AttentionShape {
  const [batch, queries, width] = inputOf(node, 0).shape as [number, number, number];
  const heads = numberOf(node, "heads");
  return { batch, heads, d: width / heads, queries, keys: sizeOf(inputOf(node, 1), 1) };
}
