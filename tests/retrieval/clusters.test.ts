import { expect, test } from "vitest";
import { clusterRows, nearestCentre } from "../../src/retrieval/clusters.ts";

const rows = (...values: number[][]): Float32Array[] => values.map((value) => Float32Array.from(value));

test("finds two far groups whatever the seed, numbered by their first row", () => {
  const data = rows([0, 0], [9, 9], [0, 1], [9, 8], [1, 0]);
  for (const seed of [1, 2, 3, 40]) {
    const { clusterOf, centres } = clusterRows(data, 2, seed);
    expect(clusterOf).toEqual([0, 1, 0, 1, 0]);
    expect(centres[1]).toEqual([9, 8.5]);
  }
});

test("keeps the best of ten restarts: three groups of a line are never split wrongly", () => {
  const data = rows(...[0, 1, 2, 100, 101, 102, 200, 201, 202].map((value) => [value]));
  for (let seed = 0; seed < 20; seed++) {
    expect(clusterRows(data, 3, seed).clusterOf).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  }
});

test("asks for no more clusters than there are distinct rows", () => {
  expect(clusterRows(rows([1], [1], [2]), 5, 1).clusterOf).toEqual([0, 0, 1]);
});

test("the nearest centre is by distance", () => {
  expect(nearestCentre([0.6], [[0], [1]])).toBe(1);
});
