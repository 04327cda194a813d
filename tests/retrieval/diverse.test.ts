import { expect, test } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { chooseDiverse } from "../../src/retrieval/diverse.ts";
import { ExactIndex } from "../../src/retrieval/exact.ts";

/** Unit vectors at these angles; the query lies at 0. */
const angles = [0, 0.1, 0.2, 1.2, -1.3];
const index = new ExactIndex(Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])), 2);
const hits = (await index.search(Float32Array.of(1, 0), angles.length))[0]!;

/** The definition, written without the running maximum. */
function byDefinition(count: number, weight: number): number[] {
  const chosen: number[] = [];
  const cosine = (a: number, b: number): number => Math.cos(angles[a]! - angles[b]!);
  while (chosen.length < count) {
    const scores = angles.map((angle, i) => {
      if (chosen.includes(i)) return -Infinity;
      const closest = chosen.length > 0 ? Math.max(...chosen.map((j) => cosine(i, j))) : 0;
      return weight * Math.cos(angle) - (1 - weight) * closest;
    });
    chosen.push(scores.indexOf(Math.max(...scores)));
  }
  return chosen;
}

test.each([0, 0.3, 0.5, 0.7, 0.9])("chooses by the definition at a weight of %s", (weight) => {
  const chosen = chooseDiverse(hits, index, 4, weight).map(({ id }) => id);
  expect(chosen).toEqual(byDefinition(4, weight));
});

test("a weight of 1 keeps the order, and fewer hits than wanted are all taken", () => {
  expect(chooseDiverse(hits, index, 9, 1)).toEqual(hits);
});

test("a weight outside 0 to 1 is refused with its value", () => {
  expect(() => chooseDiverse(hits, index, 2, 1.5)).toThrow(ConfigError);
  expect(() => chooseDiverse(hits, index, 2, Number.NaN)).toThrow(/NaN/);
});
