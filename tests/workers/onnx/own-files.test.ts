import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cropOf, planesOf } from "../../../workers/onnx/clip-pixels.ts";
import { mostPictures, PictureSearch } from "../../../workers/onnx/picture-search.ts";
import { readTokenizer } from "../../../workers/onnx/tokenizer-file.ts";

const fixture = (name: string): string => readFileSync(`tests/fixtures/onnx/${name}`, "utf8");

describe("the tokenizer of a file", () => {
  test("merges.txt and tokenizer.json give the same ids", () => {
    const [lines, json] = ["merges.txt", "tokenizer.json"].map((name) => readTokenizer(fixture(name), name));
    const text = "The blue dot on a red stone";
    expect(json!.encodePrompt(text)).toEqual(lines!.encodePrompt(text));
    expect(readTokenizer(fixture("merges.txt").replaceAll("\n", "\r\n"), "w").size).toBe(lines!.size);
  });

  test("merges are read as lines or as pairs", () => {
    const pairs = JSON.parse(fixture("tokenizer.json")) as { model: { merges: string[][] } };
    const lines = { model: { ...pairs.model, merges: pairs.model.merges.map((pair) => pair.join(" ")) } };
    expect(readTokenizer(JSON.stringify(lines), "lines").size).toBe(readTokenizer(JSON.stringify(pairs), "pairs").size);
  });

  test.each([
    [
      "other merges",
      "Ġ t\nh e\n",
      "t.json: expected CLIP's merges, some of which end words by </w>, got none that does",
    ],
    ["a broken merge", "t h\nth e</w>\nx\n", 't.json: merges line 3: expected two known symbols, got "x"'],
    ["broken JSON", "{", "t.json: expected JSON, got "],
    ["a vocab.json", '{"!":0}', "t.json: expected merges.txt, or tokenizer.json with model.merges, got neither"],
    [
      "another vocabulary",
      JSON.stringify({ model: { merges: ["t h</w>"], vocab: { "<|startoftext|>": 7 } } }),
      "t.json: expected <|startoftext|> as token 513, got 7",
    ],
  ])("%s is refused by name", (_, text, message) => {
    expect(() => readTokenizer(text, "t.json")).toThrow(message);
  });
});

describe("pixels", () => {
  test("the middle square lies as transformers counts it", () => {
    expect(cropOf(640, 480, 224)).toEqual({ width: 298, height: 224, left: 37, top: 0 });
    expect(cropOf(48, 32, 32)).toEqual({ width: 48, height: 32, left: 8, top: 0 });
    expect(cropOf(100, 333, 224)).toEqual({ width: 224, height: 745, left: 0, top: 260 });
  });

  test("planes hold each channel with its mean and deviation", () => {
    const planes = planesOf(Uint8ClampedArray.of(255, 0, 128, 255, 0, 255, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9), 2);
    expect(planes).toHaveLength(12);
    expect(planes[0]).toBeCloseTo((1 - 0.48145466) / 0.26862954, 5);
    expect(planes[5]).toBeCloseTo((1 - 0.4578275) / 0.26130258, 5);
    expect(planes[8]).toBeCloseTo((128 / 255 - 0.40821073) / 0.27577711, 5);
  });
});

describe("the list of pictures", () => {
  const given = (...paths: string[]) => paths.map((path) => ({ path, file: new Blob([path]) }));

  test("pictures are listed by path and once, other files are left out, hidden ones passed over", () => {
    const search = new PictureSearch();
    const first = search.take(given("b.jpg", "a/c.PNG", "notes.txt", ".hidden.png", "a/.thumbs/x.jpg"));
    expect(first.taken).toEqual([
      { id: 0, path: "a/c.PNG" },
      { id: 1, path: "b.jpg" },
    ]);
    expect(first.leftOut).toEqual([
      { path: "notes.txt", reason: "expected a picture that is named .jpg, .jpeg, .png or .webp, got another ending" },
    ]);
    expect(search.take(given("b.jpg", "d.webp")).taken).toEqual([{ id: 2, path: "d.webp" }]);
  });

  test("pictures beyond the limit are left out by name, the others kept", () => {
    const search = new PictureSearch();
    const paths = Array.from({ length: mostPictures + 2 }, (_, i) => `${String(i).padStart(4, "0")}.jpg`);
    const { taken, leftOut } = search.take(given(...paths));
    expect(taken).toHaveLength(mostPictures);
    expect(leftOut.map(({ path }) => path)).toEqual(["0500.jpg", "0501.jpg"]);
    expect(leftOut[0]!.reason).toMatch(/^expected at most 500 pictures/);
  });

  test("a search says what is not there yet", async () => {
    const search = new PictureSearch();
    await expect(search.embed(() => undefined)).rejects.toThrow("search: an encoder of pictures is missing");
    await expect(search.search("x", { k: 1, dropAbove: null })).rejects.toThrow(
      "search: an encoder of texts is missing",
    );
  });
});
