import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { FormatError, MissingError } from "../../src/errors.ts";
import { ClipTokenizer, formatMerges, parseMerges } from "../../src/tokenizer/clip-tokenizer.ts";

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/tokenizer/${name}`, import.meta.url));
const merges = parseMerges(fixture("merges.txt").toString("utf8"));
const tokenizer = ClipTokenizer.fromMerges(merges);
const expected = JSON.parse(gunzipSync(fixture("expected.json.gz")).toString("utf8")) as {
  texts: string[];
  ids: number[][];
  decoded: Record<string, string>;
};

describe("ClipTokenizer agrees with transformers' CLIPTokenizer", () => {
  test("on the ids of more than 2,000 strings of all scripts", () => {
    expect(expected.texts.length).toBeGreaterThan(2000);
    const wrong = expected.texts.filter((text, i) => {
      const ids = [tokenizer.startId, ...tokenizer.encode(text), tokenizer.endId];
      return ids.join() !== expected.ids[i]!.join();
    });
    expect(wrong).toEqual([]);
  });

  test("on the decoded text of all but a literal '</w>'", () => {
    const indices = Object.keys(expected.decoded).filter((i) => !expected.texts[Number(i)]!.includes("</w>"));
    expect(indices.length).toBeGreaterThan(2000);
    const wrong = indices.filter((i) => tokenizer.decode(expected.ids[Number(i)]!) !== expected.decoded[i]);
    expect(wrong).toEqual([]);
  });
});

describe("ClipTokenizer", () => {
  test("without merges has the 512 byte symbols in CLIP's order and the two markers", () => {
    const bytes = ClipTokenizer.fromMerges([]);
    expect([bytes.startId, bytes.endId, bytes.size]).toEqual([512, 513, 514]);
    // CLIP's vocab.json: "!" is 0, "a" is 64, "a</w>" is 320, "~" is 93, byte 0 is 188.
    expect(bytes.encode("a")).toEqual([320]);
    expect(bytes.encode("!~")).toEqual([0, 93 + 256]);
    expect(bytes.encode("\0")).toEqual([188 + 256]);
  });

  test("pads a prompt with the end token or with another id", () => {
    const ids = tokenizer.encode("a cat");
    const { startId, endId } = tokenizer;
    const row = tokenizer.encodePrompt("a cat", { length: ids.length + 4 });
    expect(Array.from(row)).toEqual([startId, ...ids, endId, endId, endId]);
    const zeros = tokenizer.encodePrompt("a cat", { length: ids.length + 4, padId: 0 });
    expect(Array.from(zeros)).toEqual([startId, ...ids, endId, 0, 0]);
    expect(tokenizer.encodePrompt("a cat")).toHaveLength(77);
  });

  test("cuts a long prompt and ends it with the end token", () => {
    const text = "shark ".repeat(200);
    const row = tokenizer.encodePrompt(text);
    expect(row).toHaveLength(77);
    expect(Array.from(row)).toEqual([tokenizer.startId, ...tokenizer.encode(text).slice(0, 75), tokenizer.endId]);
  });

  test("gives an added word one id past the vocabulary, and leaves other ids alone", () => {
    const inverted = tokenizer.withTokens(["<shark>", "<shark>s"]).withTokens(["<cat>"]);
    expect(inverted.size).toBe(tokenizer.size + 3);
    const [a, of] = [tokenizer.encode("a photo"), tokenizer.encode("of")];
    expect(inverted.encode("a photo of<shark>")).toEqual([...a, ...of, tokenizer.size]);
    expect(inverted.encode("<shark>s <cat>")).toEqual([tokenizer.size + 1, tokenizer.size + 2]);
    expect(inverted.decode(inverted.encode("a photo of <cat> of"))).toBe("a photo of <cat> of");
    expect(() => inverted.withTokens(["<cat>"])).toThrow(FormatError);
  });

  test("refuses merges of unknown symbols, of existing symbols, and prompts without room", () => {
    expect(() => ClipTokenizer.fromMerges(["ab c"])).toThrow('merges line 1: expected two known symbols, got "ab c"');
    expect(() => ClipTokenizer.fromMerges(["a b", "ab c", "b c", "a bc"])).toThrow("merges line 4: expected a new");
    expect(() => ClipTokenizer.fromMerges(["a b c"])).toThrow(FormatError);
    expect(() => tokenizer.encodePrompt("a", { length: 1 })).toThrow(FormatError);
  });

  test("refuses to decode an id outside the vocabulary", () => {
    expect(() => tokenizer.decode([tokenizer.size])).toThrow(MissingError);
  });

  test("reads the merges file that it writes", () => {
    expect(parseMerges(formatMerges(merges))).toEqual(merges);
    expect(parseMerges(formatMerges(merges), 5)).toEqual(merges.slice(0, 5));
  });

  test("turns a lone surrogate into the replacement character", () => {
    expect(tokenizer.encode("a\ud800")).toEqual(tokenizer.encode("a\ufffd"));
  });
});
