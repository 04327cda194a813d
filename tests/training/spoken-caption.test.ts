import { expect, test } from "vitest";
import { RandomStream } from "../../src/random.ts";
import { spoken } from "../../src/training/spoken-caption.ts";

const caption = "glossy 3d rooster, bird, farm";

/** Texts made of one caption. */
const texts = Array.from({ length: 2000 }, (_, i) => spoken(caption, new RandomStream(1, `spoken/${String(i)}`)));

/** A text without the words that prompts begin with and the full stop. */
const bare = (text: string): string =>
  text.replace(/^(?:a photo|a picture|an image|picture|photo) of(?: an?| the)? /, "").replace(/\.$/, "");

test("a text is made of its caption's parts, none twice and nothing else", () => {
  const parts = new Set(caption.split(", "));
  for (const text of texts) {
    const said = bare(text).split(", ");
    expect(new Set(said).size).toBe(said.length);
    for (const part of said) expect(parts).toContain(part);
  }
});

test("every part stands alone now and then, and the caption as it is", () => {
  const seen = new Set(texts);
  for (const part of caption.split(", ")) expect(seen).toContain(part);
  expect(seen).toContain(caption);
  expect(seen).toContain("a photo of bird.");
});

test("half of the texts begin as prompts do", () => {
  const share = texts.filter((text) => bare(text) !== text).length / texts.length;
  // 2,000 draws of 1/2: a standard error of 0.011.
  expect(share).toBeGreaterThan(0.45);
  expect(share).toBeLessThan(0.55);
});
