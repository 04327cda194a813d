/** What a class's test pictures were taken for, before and after. */
import type { Confusions } from "../../../experiment/gallery.ts";
import type { ClassResults } from "../../../experiment/per-class.ts";

/** A class that another is taken for. Shares of the class's test pictures over all classifiers, 0 to 1. */
export interface TakenFor {
  readonly classIndex: number;
  readonly before: number;
  readonly after: number;
}

const rowOf = (confusions: Confusions, id: string, own: number): readonly number[] | undefined =>
  confusions.conditions.find((condition) => condition.id === id)?.matrix[own];

const shares = (row: readonly number[]): number[] => {
  const total = row.reduce((sum, count) => sum + count, 0);
  return row.map((count) => (total === 0 ? 0 : count / total));
};

/**
 * Other classes that a class is taken for, the most frequent of both first.
 *
 * @param own the class's number
 * @param most how many
 * @returns null where either condition's confusions are not known
 */
export function takenFor(
  confusions: Confusions | null,
  own: number,
  [before, after]: readonly [string, string],
  most = 4,
): TakenFor[] | null {
  const rows = [before, after].map((id) => confusions && rowOf(confusions, id, own));
  if (!rows[0] || !rows[1]) return null;
  const [first, second] = [shares(rows[0]), shares(rows[1])];
  return first
    .map((share, classIndex) => ({ classIndex, before: share, after: second[classIndex]! }))
    .filter((taken) => taken.classIndex !== own && Math.max(taken.before, taken.after) > 0)
    .sort((a, b) => Math.max(b.before, b.after) - Math.max(a.before, a.after))
    .slice(0, most);
}

/** Conditions whose improvement over 10 % real is known. */
export function improvedConditions(perClass: readonly ClassResults[]): ClassResults[] {
  return perClass.filter(({ improvement }) => improvement !== null);
}
