import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowserLab, type BrowserLab } from "./harness.ts";
import type { Everything, Files, Openings, Roles } from "./onnx-search.worker.ts";

const worker = join(import.meta.dirname, "onnx-search.worker.ts");
const folder = join(import.meta.dirname, "../fixtures/onnx");
const files: Files = Object.fromEntries(
  readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]),
);
const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as {
  readonly side: number;
  readonly end: number;
  readonly images: Readonly<Record<string, readonly number[]>>;
  readonly texts: Readonly<Record<string, { readonly embedding: readonly number[] }>>;
};
const texts = Object.keys(expected.texts);
const pictures = Object.keys(expected.images);
const resized = "shrunk.png";
const unchanged = pictures.filter((name) => name !== resized);

/** Files among the pictures that are none. */
const bad: Files = {
  "cut.png": files["ramp.png"]!.slice(0, 80),
  "text.jpg": new TextEncoder().encode("no picture"),
  "film.gif": new TextEncoder().encode("GIF89a"),
};

const choices: readonly Roles[] = [
  { image: "image.onnx", text: "text.onnx", tokenizer: "merges.txt" },
  // Its sizes are open, its embeddings of unit length.
  { image: "both.onnx", text: null, tokenizer: "tokenizer.json" },
  { image: "image-fp16.onnx", text: "text.onnx", tokenizer: "merges.txt" },
];
const merges = new TextDecoder().decode(files["merges.txt"]).split("\n");
const shorter: Files = { "shorter.txt": new TextEncoder().encode(merges.slice(0, 6).join("\n")) };
const refused: readonly (readonly [Openings, RegExp])[] = [
  [
    [["image", "text.onnx"]],
    /^FormatError: text\.onnx: expected an encoder of pictures: .*, got one that only reads texts$/,
  ],
  [
    [["text", "image.onnx"]],
    /^FormatError: image\.onnx: expected an encoder of texts: .*, got one that only reads pictures$/,
  ],
  [[["image", "merges.txt"]], /^FormatError: merges\.txt: expected a whole ONNX model in one file .*, got ./],
  [
    [["tokenizer", "expected.json"]],
    /^FormatError: expected\.json: expected merges\.txt, or tokenizer\.json with model\.merges, got ./,
  ],
  [
    [
      ["text", "text.onnx"],
      ["tokenizer", "shorter.txt"],
    ],
    /^FormatError: shorter\.txt: expected the vocabulary of text\.onnx, got 519 entries/,
  ],
];

let lab: BrowserLab;
let done: Everything;

beforeAll(async () => {
  lab = await openBrowserLab({ folders: { "/ort/": "node_modules/onnxruntime-web/dist" } });
  const openings = refused.map(([each]) => each);
  const args = [{ ...files, ...bad, ...shorter }, choices, texts, openings];
  done = await lab.runInWorker<Everything>(worker, "everything", args);
}, 300_000);
afterAll(() => lab.close());

const unit = (vector: readonly number[]): number[] => vector.map((value) => value / Math.hypot(...vector));
const distance = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.max(...b.map((value, i) => Math.abs(value - a[i]!)));
const cosine = (a: readonly number[], b: readonly number[]): number =>
  unit(a).reduce((sum, value, i) => sum + value * unit(b)[i]!, 0);

test.each([
  // Half precision has 11 bits: numbers of at most 1 are right to 5e-4, and a length of them adds a little.
  ...[
    { of: 0, what: "two encoders", limit: 1e-4 },
    { of: 1, what: "one model for both", limit: 1e-4 },
  ],
  { of: 2, what: "an encoder in half precision", limit: 2e-3 },
])("embeddings of pictures by $what equal PyTorch's", ({ of, limit }) => {
  const { facts, images, thumbnails } = done.outcomes[of]!;
  expect(facts[0]).toMatchObject({ side: expected.side, width: 8, readsText: of === 1 });
  expect(thumbnails).toBe(pictures.length);
  for (const name of unchanged) expect(distance(images[name]!, unit(expected.images[name]!)), name).toBeLessThan(limit);
});

test.each([0, 1])("embeddings of texts by choice %i equal PyTorch's", (of) => {
  const outcome = done.outcomes[of]!;
  expect(outcome.tokens).toBe(expected.end + 1);
  texts.forEach((text, i) => {
    const { embedding } = expected.texts[text]!;
    expect(distance(outcome.texts[i]!, of === 1 ? unit(embedding) : embedding), text).toBeLessThan(1e-4);
  });
});

test.each([0, 1])("the ranking by choice %i and its cosines equal PyTorch's", (of) => {
  const { hits, paths } = done.outcomes[of]!;
  texts.forEach((text, i) => {
    const similarity = (name: string): number => cosine(expected.images[name]!, expected.texts[text]!.embedding);
    const found = hits[i]!.map((hit) => ({ ...hit, name: paths[hit.id]! })).filter(({ name }) => name !== resized);
    expect(found.map(({ name }) => name)).toEqual([...unchanged].sort((a, b) => similarity(b) - similarity(a)));
    for (const { name, similarity: cosineFound } of found) expect(cosineFound).toBeCloseTo(similarity(name), 4);
  });
});

test("a picture that the browser resizes embeds nearly as Pillow's bicubic one does", () => {
  expect(cosine([...done.outcomes[0]!.images[resized]!], expected.images[resized]!)).toBeGreaterThan(0.99);
});

test("near-duplicates are found, and dropped after the better hit", () => {
  const { duplicates, thinned, hits, paths } = done.outcomes[0]!;
  expect(duplicates.map((group) => group.map((id) => paths[id]))).toEqual([["ramp-again.png", "ramp.png"]]);
  const isRamp = ({ id }: { readonly id: number }): boolean => paths[id]!.startsWith("ramp");
  const better = hits[0]!.find(isRamp)!;
  expect(thinned).toEqual(hits[0]!.filter((hit) => !isRamp(hit) || hit.id === better.id));
});

test("a bad picture is left out with its reason, and the others are embedded", () => {
  const { leftOut, images } = done.outcomes[0]!;
  expect(Object.keys(leftOut).sort()).toEqual(["cut.png", "film.gif", "text.jpg"]);
  expect(leftOut["text.jpg"]).toMatch(/^expected a JPEG, PNG or WebP image, got ./);
  expect(Object.values(images).filter((vector) => vector !== null)).toHaveLength(pictures.length);
});

test("stopping keeps what is embedded, and going on makes only the rest", () => {
  expect(done.stopped).toEqual({ ends: ["stopped", "done"], parts: [2, pictures.length - 2] });
});

test.each(refused.map(([openings, message], i) => ({ openings, message, i })))(
  "$openings is refused by name, with what was expected and what came",
  ({ message, i }) => {
    expect(done.refusals[i]).toMatch(message);
  },
);
