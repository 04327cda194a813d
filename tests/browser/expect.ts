/**
 * Vitest's `expect` where Vitest cannot go: test bodies that run in a browser's worker are bundled with this module in its place.
 * Only what those bodies use is here; anything else is missing when the body calls it, so nothing passes unseen.
 */
export const expect = (actual: unknown, about = "value") => {
  const hold = (holds: boolean, words: string): void => {
    if (!holds) throw new Error(`${about}: expected ${String(actual)} to be ${words}`);
  };
  return {
    toBe: (expected: unknown) => hold(Object.is(actual, expected), String(expected)),
    toBeLessThan: (limit: number) => hold((actual as number) < limit, `less than ${String(limit)}`),
    toBeLessThanOrEqual: (limit: number) => hold((actual as number) <= limit, `at most ${String(limit)}`),
    toBeGreaterThan: (limit: number) => hold((actual as number) > limit, `more than ${String(limit)}`),
  };
};
