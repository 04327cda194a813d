import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { loadNetworks } from "../../src/experiment/lab-models.ts";
import { LabEncoders } from "../../src/experiment/lab-encoders.ts";
import { modelFiles, textTowerFiles } from "../../src/experiment/lab-networks.ts";
import { loadTextTower } from "../../src/experiment/text-tower.ts";
import { runForward } from "../../src/models/boundary/run.ts";
import type { ConfigJson } from "../../src/models/config-fields.ts";
import { normalizeRows } from "../../src/retrieval/exact.ts";
import { sha256 } from "../../src/storage/hash.ts";
import { ClipTokenizer, parseMerges } from "../../src/tokenizer/clip-tokenizer.ts";
import { bytesSource } from "../../src/weights/byte-source.ts";
import { fromInt32, toFloat32 } from "../../src/weights/dtypes.ts";
import { openSafetensors } from "../../src/weights/safetensors.ts";
import { writeSafetensors } from "../../src/weights/safetensors-writer.ts";

/** Each file once: a training may be writing new weights. */
const files = new Map<string, Promise<Uint8Array>>();
const read = (path: string): Promise<Uint8Array> => {
  const reading = files.get(path) ?? readFile(join("public/models/mini", path));
  files.set(path, reading);
  return reading;
};
const text = async (path: string): Promise<string> => new TextDecoder().decode(await read(path));
const texts = [
  "A photo of bird.",
  "a clock, and a very long list of words: one two three four five six seven eight nine",
];

/** Both ways compute in f64 and round once to f32. */
const tolerance = 1e-6;

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.length === b.length ? a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0) : Infinity;

test("texts' embeddings are those of the pass that is held against transformers, at length 1", async () => {
  const backend = new ReferenceBackend();
  const tower = await loadTextTower(backend, read);
  const found = await tower.embedTexts(texts);
  expect(tower.clipHash).toBe(await sha256(await read(modelFiles.clip)));

  const { text_config: config } = JSON.parse(await text(modelFiles.clipConfig)) as { text_config: ConfigJson };
  const length = config["max_position_embeddings"] as number;
  const tokenizer = ClipTokenizer.fromMerges(parseMerges(await text(modelFiles.merges)));
  const ids = texts.flatMap((line) => [...tokenizer.encodePrompt(line, { length })]);
  const inputs = writeSafetensors(
    new Map([["input_ids", { dtype: "I64", shape: [texts.length, length], bytes: fromInt32(ids, "I64") }]]),
  );
  const { tensors } = await runForward(backend, {
    ...{ kind: "clip-text", config, where: modelFiles.clipConfig, withGradients: false },
    weights: await openSafetensors(bytesSource(modelFiles.clip, await read(modelFiles.clip))),
    inputs: await openSafetensors(bytesSource("inputs", inputs)),
  });
  const expected = normalizeRows(toFloat32(tensors.get("text_embeds")!.bytes, "F32"), tower.embeddingWidth);
  expect(largestDifference(found, expected)).toBeLessThan(tolerance);
});

test("they are the embeddings that a run's networks give, from the three files that it names alone", async () => {
  const backend = new ReferenceBackend();
  const asked: string[] = [];
  const tower = await loadTextTower(backend, (path) => {
    asked.push(path);
    return read(path);
  });
  expect(asked.sort()).toEqual([...textTowerFiles].sort());
  const { networks, variables } = await loadNetworks(backend, read, ["clip"]);
  const { embeddings } = await new LabEncoders(backend, variables, networks, texts.length).texts(texts);
  expect(largestDifference(await tower.embedTexts(texts), embeddings)).toBeLessThan(tolerance);
});
