import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { RandomStream } from "../../src/random.ts";
import { ClipTokenizer, parseMerges } from "../../src/tokenizer/clip-tokenizer.ts";
import { trainMerges } from "../../src/tokenizer/train-merges.ts";

const read = (name: string): string => readFileSync(new URL(`../fixtures/tokenizer/${name}`, import.meta.url), "utf8");
const captions = read("captions.txt").trimEnd().split("\n");

test("the most frequent pair is merged first, and ties go to the first in code-unit order", () => {
  // Words: "abd" three times, "bce" twice. ab: 3, bd</w>: 3, then bc and ce</w>: 2.
  const texts = ["abd abd", "abd bce", "bce"];
  expect(trainMerges(texts, 514 + 10)).toEqual(["a b", "ab d</w>", "b c", "bc e</w>"]);
  expect(trainMerges(texts, 514 + 1)).toEqual(["a b"]);
});

test("overlapping pairs merge from the left", () => {
  expect(trainMerges(["aaaaa aaaaa"], 514 + 2)).toEqual(["a a", "aa a</w>"]);
});

test("captions in another order give the same merges, those of the committed file", () => {
  const shuffled = new RandomStream(1, "captions").shuffle(captions);
  const merges = trainMerges(shuffled, 1100);
  expect(merges).toEqual(parseMerges(read("merges.txt")));
});

test("trained merges make a tokenizer of the asked size that shortens its captions", () => {
  const trained = ClipTokenizer.fromMerges(trainMerges(captions, 900));
  expect(trained.size).toBe(900);
  const bytes = ClipTokenizer.fromMerges([]);
  const tokens = (tokenizer: ClipTokenizer) => captions.reduce((sum, text) => sum + tokenizer.encode(text).length, 0);
  expect(tokens(trained)).toBeLessThan(tokens(bytes) / 2);
});

test("a vocabulary without room for the bytes is refused", () => {
  expect(() => trainMerges(captions, 513)).toThrow(FormatError);
});
