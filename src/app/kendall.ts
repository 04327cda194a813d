/** How alike two orders are. */
import { ShapeError } from "../errors.ts";
import { orderOf } from "../experiment/statistics.ts";

/**
 * Kendall's rank correlation of a predicted order with scores: 1 for the same order, −1 for its reverse. Pairs with equal
 * scores, but for rounding, count as neither (τ-a over all pairs).
 *
 * @param predicted ids, the best first
 * @param scores by id, the higher the better; every predicted id has one
 * @throws ShapeError with fewer than two ids or without a score
 *
 * Kendall 1938, "A new measure of rank correlation".
 */
export function kendallTau(predicted: readonly string[], scores: ReadonlyMap<string, number>): number {
  if (predicted.length < 2) throw new ShapeError("Kendall's tau", "2 or more", [predicted.length]);
  const values = predicted.map((id) => {
    const score = scores.get(id);
    if (score === undefined) throw new ShapeError(`Kendall's tau: ${id}`, "a score", []);
    return score;
  });
  let sum = 0;
  for (let i = 0; i < values.length; i++)
    for (let j = i + 1; j < values.length; j++) sum += orderOf(values[i]!, values[j]!);
  return sum / ((values.length * (values.length - 1)) / 2);
}
