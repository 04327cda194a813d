import type { Icon } from "./icons.ts";
import { cosine } from "./render.ts";

/** An icon with the thumbnail by which it is compared. */
export interface Comparable {
  readonly icon: Icon;
  readonly thumbnail: Float32Array;
}

const byConcept = <T extends Comparable>(items: readonly T[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.icon.concept.key);
    if (group) group.push(item);
    else groups.set(item.icon.concept.key, [item]);
  }
  return groups;
};

/** The candidates that look like an icon of the same concept among `target`: cosine above the threshold. */
export const doublesOfTarget = <T extends Comparable>(
  target: readonly Comparable[],
  candidates: readonly T[],
  threshold: number,
): Set<T> => {
  const groups = byConcept(target);
  return new Set(
    candidates.filter((candidate) =>
      groups.get(candidate.icon.concept.key)?.some((item) => cosine(item.thumbnail, candidate.thumbnail) > threshold),
    ),
  );
};

/**
 * Numbers the groups of icons that look the same: same concept and a chain of cosines above the threshold.
 *
 * @returns a number from 0 for each icon that has a double
 */
export const groupDoubles = <T extends Comparable>(items: readonly T[], threshold: number): Map<T, number> => {
  const groups = new Map<T, number>();
  let count = 0;
  for (const members of byConcept(items).values()) {
    const rest = new Set(members);
    for (const first of members) {
      if (!rest.delete(first)) continue;
      const chain = [first];
      for (const item of chain) {
        for (const other of rest) {
          if (cosine(item.thumbnail, other.thumbnail) <= threshold) continue;
          rest.delete(other);
          chain.push(other);
        }
      }
      if (chain.length === 1) continue;
      for (const item of chain) groups.set(item, count);
      count++;
    }
  }
  return groups;
};
