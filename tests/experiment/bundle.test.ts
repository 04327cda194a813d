import { expect, test } from "vitest";
import { isBundled } from "../../src/experiment/bundle.ts";

test.each([
  "train/real-10/0.bin",
  "world/pool.bin",
  "select/textual-inversion/best-train/train/textual-inversion/0.bin",
  "select/imagic/3/train/imagic.bin",
  ".lock",
  "produce/.cat.json.12-3.tmp",
])("%s, which comes again or is nobody's, stays out of a bundle", (path) => {
  expect(isBundled(path)).toBe(false);
});

test.each([
  "results.json",
  "train/real-10/0.json",
  "produce/retrieval/train.bin",
  "select/imagic/3/train/imagic.json",
  "select/imagic/3/produce/imagic/cat.bin",
  "select/imagic/3/adapt/imagic.bin",
  "select/train.bin",
])("%s goes into a bundle", (path) => {
  expect(isBundled(path)).toBe(true);
});
