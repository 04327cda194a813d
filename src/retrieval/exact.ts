/** Exact search on the CPU: every query against every embedding. */
import { MissingError, ShapeError } from "../errors.ts";
import type { Hit, Index } from "./index.ts";

/** An index over embeddings held in memory, searched exhaustively with f64 sums. */
export class ExactIndex implements Index {
  readonly size: number;
  readonly #rows: Float32Array;

  /**
   * @param embeddings [size, width]; copied, and brought to unit length (a zero row stays zero: similarity 0 to all)
   * @throws ShapeError when the length is not a whole number of rows
   */
  constructor(
    embeddings: Float32Array,
    readonly width: number,
  ) {
    this.size = rowCount("index embeddings", embeddings, width);
    this.#rows = normalizeRows(embeddings, width);
  }

  search(queries: Float32Array, k: number): Promise<Hit[][]> {
    if (!Number.isInteger(k) || k < 0) throw new ShapeError("index search k", "a whole number >= 0", String(k));
    const count = rowCount("index queries", queries, this.width);
    const rows = normalizeRows(queries, this.width);
    return Promise.resolve(
      Array.from({ length: count }, (_, q) => this.#nearest(rows.subarray(q * this.width, (q + 1) * this.width), k)),
    );
  }

  vector(id: number): Float32Array {
    if (!Number.isInteger(id) || id < 0 || id >= this.size)
      throw new MissingError("index", `row ${String(id)}`, `it has ${String(this.size)} rows`);
    return this.#rows.slice(id * this.width, (id + 1) * this.width);
  }

  #nearest(query: Float32Array, k: number): Hit[] {
    const best: Hit[] = [];
    for (let id = 0; id < this.size; id++) {
      const similarity = this.#dot(query, id * this.width);
      const worst = best.length < k ? -Infinity : (best.at(-1)?.similarity ?? Infinity);
      if (similarity <= worst) continue;
      if (best.length === k) best.pop();
      best.splice(insertionPoint(best, similarity), 0, { id, similarity });
    }
    return best;
  }

  #dot(query: Float32Array, offset: number): number {
    let sum = 0;
    for (let i = 0; i < query.length; i++) sum += query[i]! * this.#rows[offset + i]!;
    return sum;
  }
}

/** After every hit that is at least as similar: ids come in ascending order, so ties stay by id. */
function insertionPoint(best: readonly Hit[], similarity: number): number {
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (best[middle]!.similarity >= similarity) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rowCount(where: string, values: Float32Array, width: number): number {
  if (!Number.isInteger(width) || width < 1 || values.length % width !== 0)
    throw new ShapeError(where, `rows of ${String(width)} numbers`, [values.length]);
  return values.length / width;
}

/**
 * A copy with every row at unit length; zero rows stay zero.
 *
 * @param values [rows, width]
 */
export function normalizeRows(values: Float32Array, width: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) row.forEach((value, i) => (out[start + i] = value / length));
  }
  return out;
}
