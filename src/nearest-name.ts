/**
 * The known name that a mistyped one most likely means.
 *
 * @param typed what was written
 * @param names what exists
 * @returns null when even the nearest differs in more than a third of its letters (at least two are allowed)
 */
export const nearestName = (typed: string, names: readonly string[]): string | null => {
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const name of names) {
    const distance = editDistance(typed, name);
    if (distance < bestDistance && distance <= Math.max(2, name.length / 3)) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
};

/** Levenshtein's distance: insertions, deletions and replacements, each at cost 1. */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
};
