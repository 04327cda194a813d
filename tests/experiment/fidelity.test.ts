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

test("agreement with texts is the mean cosine", () => {
  const texts = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
  expect(textAgreement(embeddings([1, 0, 1, 0], 2), texts)).toBeCloseTo(0.5, 9);
});
