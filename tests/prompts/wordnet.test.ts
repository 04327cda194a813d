import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { isSynsetId, linesOf, synsetOf, type LineAt } from "../../src/prompts/wordnet.ts";

/** Lines of WordNet 3.0's data.noun as they are, below its licence; their offsets are not those of this file. */
const fixture = readFileSync(join(import.meta.dirname, "../fixtures/wordnet/data.noun-lines.txt"), "utf8");
const lines = new Map(
  fixture
    .split("\n")
    .filter((line) => /^\d{8} /.test(line))
    .map((line) => [Number(line.slice(0, 8)), new TextEncoder().encode(line)]),
);
const lineAt: LineAt = (offset) => lines.get(offset) ?? new Uint8Array(0);

/** A file that holds the lines where they belong, and spaces between them. */
function withHoles(offsets: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.max(...offsets.map((offset) => offset + lineAt(offset).length)) + 1).fill(0x20);
  for (const offset of offsets) bytes.set([...lineAt(offset), 0x0a], offset);
  return bytes;
}

test("an ImageNet id is n and eight digits", () => {
  expect(["n01484850", "n1484850", "n014848500", "01484850", "v01484850", "dog"].map(isSynsetId)).toEqual([
    true,
    ...Array<boolean>(5).fill(false),
  ]);
});

describe("a noun of WordNet 3.0", () => {
  test("has its lemmas, the first hypernym with all of its own, and the gloss", () => {
    expect(synsetOf("n01484850", lineAt, "data.noun")).toEqual({
      lemmas: ["great white shark", "white shark", "man-eater", "man-eating shark", "Carcharodon carcharias"],
      hypernym: "mackerel shark",
      definition: "large aggressive shark widespread in warm seas; known to attack humans",
    });
  });

  test("takes no pointer to a verb or a part for its hypernym", () => {
    expect(synsetOf("n02012849", lineAt, "data.noun")).toMatchObject({
      lemmas: ["crane"],
      hypernym: "wading bird, wader",
    });
  });

  test("loses the examples of its gloss", () => {
    expect(synsetOf("n02084071", lineAt, "data.noun")).toEqual({
      lemmas: ["dog", "domestic dog", "Canis familiaris"],
      hypernym: "canine, canid",
      definition:
        "a member of the genus Canis (probably descended from the common wolf) that has been domesticated by man since prehistoric times; occurs in many breeds",
    });
  });

  test("keeps quotes that are part of its gloss", () => {
    const id = [...lines.keys()].find((offset) => new TextDecoder().decode(lineAt(offset)).includes("make strides"))!;
    expect(synsetOf(`n${String(id).padStart(8, "0")}`, lineAt, "data.noun").definition).toBe(
      'significant progress (especially in the phrase "make strides")',
    );
  });

  test("that is a name has what it is an instance of", () => {
    expect(synsetOf("n00060548", lineAt, "data.noun")).toMatchObject({
      lemmas: ["Hegira", "Hejira"],
      hypernym: "escape, flight",
    });
  });

  test("is found at its byte of a file", () => {
    const file = withHoles([1483522, 1484850]);
    expect(synsetOf("n01484850", linesOf(file, "data.noun"), "data.noun")).toEqual(
      synsetOf("n01484850", lineAt, "data.noun"),
    );
  });
});

describe("an error names file, id, what was expected and what is there", () => {
  test("where the id's byte is not the beginning of its line, as in version 3.1", () => {
    // 3.1 has the great white shark at 01487491 and this at 3.0's byte.
    const other: LineAt = () => new TextEncoder().encode(" fishes of the class Chondrichthyes characterized by");
    const read = (): unknown => synsetOf("n01484850", other, "wn/data.noun");
    expect(read).toThrow(FormatError);
    expect(read).toThrow(
      'wn/data.noun: n01484850: expected a line that begins with 01484850 at that byte, as in WordNet 3.0, got " fishes of the class Chondrichthyes char"',
    );
  });

  test("where another noun begins at that byte, as by chance in version 3.1", () => {
    const other: LineAt = () => lineAt(2084071);
    expect(() => synsetOf("n01484850", other, "data.noun")).toThrow(/got "02084071 05 n 03 dog 0/);
  });

  test("where the licence is of another version, even if a noun begins there", () => {
    const licence = fixture.split("\n").slice(0, 29).join("\n");
    expect(() => linesOf(new TextEncoder().encode(licence), "data.noun")).not.toThrow();
    const later = new TextEncoder().encode(licence.replace("WordNet 3.0 Copyright 2006", "WordNet 3.1 Copyright 2011"));
    expect(() => linesOf(later, "data.noun")).toThrow(
      "data.noun: expected WordNet 3.0, whose bytes ImageNet's ids count, got WordNet 3.1",
    );
  });

  test("where the file ends before the id's byte", () => {
    const file = withHoles([1484850]).subarray(0, 1000);
    expect(() => synsetOf("n02084071", linesOf(file, "data.noun"), "data.noun")).toThrow(
      /n02084071: expected .*, got the end of the file$/,
    );
  });

  test("where the hypernym is not there", () => {
    const only: LineAt = (offset) => (offset === 1484850 ? lineAt(offset) : new Uint8Array(0));
    expect(() => synsetOf("n01484850", only, "data.noun")).toThrow(
      /^data\.noun: n01484850: hypernym: expected a line that begins with 01483522/,
    );
  });

  test.each([
    "01484850 05 n 05 great_white_shark 0 | cut",
    "01484850 05 n 01 shark 0 002 @ 01483522 n 0000 | a pointer is missing",
    "01484850 05 n 01 shark 0 001 @ 01483522 n 0000",
    "01484850 05 v 01 shark 0 001 @ 01483522 n 0000 | a verb",
    "01484850 05 n zz shark 0 001 @ 01483522 n 0000 | no count",
  ])("where the line is broken: %s", (line) => {
    expect(() => synsetOf("n01484850", () => new TextEncoder().encode(line), "data.noun")).toThrow(
      /expected a noun with words, pointers and a gloss, got "01484850/,
    );
  });

  test("where nothing is above the noun", () => {
    const root = "00001740 03 n 01 entity 0 001 ~ 00001930 n 0000 | that which is perceived";
    expect(() => synsetOf("n00001740", () => new TextEncoder().encode(root), "data.noun")).toThrow(
      "data.noun: n00001740: expected a hypernym (@), got none",
    );
  });
});
