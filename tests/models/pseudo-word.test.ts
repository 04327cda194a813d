import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { MissingError } from "../../src/errors.ts";
import { LabEncoders } from "../../src/experiment/lab-encoders.ts";
import { loadNetworks } from "../../src/experiment/lab-models.ts";
import { gappedTexts, meanEmbedding } from "../../src/models/clip/pseudo-word.ts";
import { randomModels, tinyConfigs } from "../experiment/tiny-models.ts";

const files = await randomModels(tinyConfigs);
const read = (path: string): Promise<Uint8Array> => {
  const bytes = files.get(path);
  return bytes ? Promise.resolve(bytes) : Promise.reject(new MissingError("models", path));
};
const backend = new ReferenceBackend();
const { networks, variables } = await loadNetworks(backend, read, ["clip"]);
const { tokenizer, clip } = networks;
const width = clip.config.text.hiddenSize;
const table = (await variables.get("clip.text_model.embeddings.token_embedding.weight")) as Float32Array;

test("a pseudo-word with a token's own embedding gives the conditioning of the text with that token", async () => {
  const [id] = tokenizer.encode("red");
  expect(tokenizer.encode("red")).toHaveLength(1);
  const word = table.slice(id! * width, (id! + 1) * width);
  const encoders = new LabEncoders(backend, variables, networks, 2);
  const worded = await encoders.worded([{ template: "a photo of a {} thing.", word }]);
  const { contexts } = await encoders.texts(["a photo of a red thing."]);
  expect(Math.max(...worded.map((value, i) => Math.abs(value - contexts[i]!)))).toBeLessThan(1e-6);
  const other = await encoders.worded([{ template: "a photo of a {} thing.", word: word.map((value) => -value) }]);
  expect(Math.max(...other.map((value, i) => Math.abs(value - contexts[i]!)))).toBeGreaterThan(1e-3);
});

test("the gap is where the slot is, and nowhere in a text that is cut before it", () => {
  const { ids, gaps } = gappedTexts(tokenizer, ["{} thing", "a thing"], 6);
  expect([...gaps]).toEqual([0, 1, 0, 0, 0, 0, ...Array<number>(6).fill(0)]);
  expect(ids[0]).toBe(tokenizer.startId);
  expect(ids[6 + 5]).toBe(tokenizer.endId);
  expect(gappedTexts(tokenizer, ["thing thing thing thing {}"], 4).gaps.some((gap) => gap === 1)).toBe(false);
});

test("a word of several tokens begins at the mean of their embeddings", () => {
  const ids = tokenizer.encode("redgreen");
  expect(ids.length).toBeGreaterThan(1);
  const expected = Array.from({ length: width }, (_, i) => {
    return ids.reduce((sum, id) => sum + table[id * width + i]!, 0) / ids.length;
  });
  meanEmbedding(tokenizer, "redgreen", table, width).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 6);
  });
});
