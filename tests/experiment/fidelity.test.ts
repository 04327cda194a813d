import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { frechetDistance, neighbourhoods, textAgreement, vendi } from "../../src/experiment/fidelity.ts";
import type { Embeddings } from "../../src/experiment/leaks.ts";

const fixture = JSON.parse(readFileSync("tests/fixtures/experiment/fidelity.json", "utf8")) as Record<
  "k" | "width" | "precision" | "recall" | "density" | "coverage" | "vendi" | "frechet",
  number
> &
  Record<"real" | "made", number[]>;
const embeddings = (rows: readonly number[], width = fixture.width): Embeddings => ({
  width,
  rows: Float32Array.from(rows),
});
const [real, made] = [embeddings(fixture.real), embeddings(fixture.made)];

describe("against numpy and scipy", () => {
  test.each(["precision", "recall", "density", "coverage"] as const)("%s", (name) => {
    expect(neighbourhoods(real, made, fixture.k)[name]).toBeCloseTo(fixture[name], 9);
  });

  test("Vendi score", () => {
    expect(vendi(made)).toBeCloseTo(fixture.vendi, 5);
  });

  test("Fréchet distance", () => {
    expect(frechetDistance(real, made)).toBeCloseTo(fixture.frechet, 6);
  });
});

test("equal pictures have a Vendi score of 1, orthogonal ones their number", () => {
  expect(vendi(embeddings([1, 0, 1, 0, 1, 0], 2))).toBeCloseTo(1, 9);
  expect(vendi(embeddings([1, 0, 0, 0, 1, 0, 0, 0, 1], 3))).toBeCloseTo(3, 9);
});

test("a set is at no distance of itself, all of it precise and recalled", () => {
  expect(frechetDistance(real, real)).toBeCloseTo(0, 6);
  expect(neighbourhoods(real, real, 5)).toMatchObject({ precision: 1, recall: 1, coverage: 1 });
});

test("too few pictures for k neighbours are refused", () => {
  expect(() => neighbourhoods(real, embeddings(fixture.made.slice(0, 30)), 5)).toThrow(/more than 5.*\[5\]/);
});

test("a single picture has no covariance, so no Fréchet distance", () => {
  expect(() => frechetDistance(real, embeddings(fixture.made.slice(0, fixture.width)))).toThrow(/at least 2.*\[1\]/);
});

test("fewer pictures than dimensions have the Fréchet distance of their singular covariances", () => {
  // Covariances diag(2, 0) and diag(0, 2) about equal means: the root of their product is 0.
  expect(frechetDistance(embeddings([1, 0, -1, 0], 2), embeddings([0, 1, 0, -1], 2))).toBeCloseTo(4, 9);
});

test("a ball holds its surface: a copy of the kth neighbour is within reach", () => {
  const line = embeddings([0, 1, 3], 1);
  // Reaches to the first neighbour are 1, 1 and 2; the copy of 1 lies on the surfaces of 0's and of 3's.
  expect(neighbourhoods(line, embeddings([1, 9], 1), 1)).toMatchObject({ precision: 0.5, density: 1.5, coverage: 1 });
});

test("agreement with texts is the mean cosine", () => {
  const texts = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
  expect(textAgreement(embeddings([1, 0, 1, 0], 2), texts)).toBeCloseTo(0.5, 9);
});
