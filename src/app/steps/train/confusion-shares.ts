/** Who was taken for whom, in shares. */

/** Shares of each row's sum, 0 to 1; 0 throughout where a row is empty. @param matrix [true][predicted] counts */
export function rowShares(matrix: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return matrix.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (total === 0 ? 0 : count / total));
  });
}

/** A pair of classes of which one is often taken for the other. */
export interface Confusion {
  readonly truth: number;
  readonly predicted: number;
  readonly share: number;
}

/** The most frequent confusion by its share of the true class; null where all was right. */
export function worstConfusion(matrix: readonly (readonly number[])[]): Confusion | null {
  const wrong = rowShares(matrix).flatMap((row, truth) =>
    row.map((share, predicted) => ({ truth, predicted, share })).filter((one) => one.predicted !== truth),
  );
  const worst = wrong.reduce<Confusion | null>((found, one) => (found && found.share >= one.share ? found : one), null);
  return worst && worst.share > 0 ? worst : null;
}
