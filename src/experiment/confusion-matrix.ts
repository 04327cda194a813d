/** Who is taken for whom. */
import { ShapeError } from "../errors.ts";

/**
 * Counts how often pictures of each true class were taken for each class.
 *
 * @param labels [n], true classes
 * @param predictions of one or several classifiers, each [n]
 * @returns [true][predicted], summed over the classifiers
 * @throws ShapeError when predictions are not as many as labels
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: readonly ArrayLike<number>[],
  classes: number,
): readonly (readonly number[])[] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const row of predictions) {
    if (row.length !== labels.length) throw new ShapeError("confusions: predictions", [labels.length], [row.length]);
    for (let image = 0; image < row.length; image++) matrix[labels[image]!]![row[image]!]! += 1;
  }
  return matrix;
}
