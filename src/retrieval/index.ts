/** What a nearest-neighbour index is, whatever searches it. */

/** One neighbour. */
export interface Hit {
  /** Row of the embedding in the index. */
  readonly id: number;
  /** Cosine of the angle to the query, -1 to 1. */
  readonly similarity: number;
}

/** Nearest neighbours among embeddings by cosine similarity. */
export interface Index {
  /** Number of embeddings. */
  readonly size: number;
  /** Length of an embedding. */
  readonly width: number;
  /**
   * The nearest embeddings of each query, best first, equal similarities by ascending id.
   *
   * @param queries [n, width], of any length but zero
   * @param k neighbours asked for; fewer come back when the index is smaller
   * @returns [n][min(k, size)]
   * @throws ShapeError when `queries` is not a whole number of rows or k is not a whole number >= 0
   */
  search(queries: Float32Array, k: number): Promise<Hit[][]>;
  /**
   * A copy of one embedding at unit length.
   *
   * @returns [width]
   * @throws MissingError when there is no such row
   */
  vector(id: number): Float32Array;
}
