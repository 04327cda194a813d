import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { modelFiles, recordedEmbeddingsPath } from "../../src/experiment/lab-networks.ts";
import {
  modelManifestName,
  modelManifestText,
  networkFiles,
  parseModelManifest,
} from "../../src/experiment/model-manifest.ts";
import { sha256 } from "../../src/storage/hash.ts";
import { bytesSource } from "../../src/weights/byte-source.ts";
import { openSafetensors } from "../../src/weights/safetensors.ts";

const folder = "public/models/mini";

const read = (path: string): Promise<Uint8Array> => readFile(join(folder, path));

test("the manifest of the mini world's networks has the hashes of the files beside it, the pool's embeddings among them", async () => {
  const text = await readFile(join(folder, modelManifestName), "utf8");
  expect(text, "`npm run -s rog -- index` makes the embeddings and writes it").toBe(
    await modelManifestText(read, true),
  );
  const files = parseModelManifest(new TextEncoder().encode(text), "manifest");
  expect(Object.keys(files)).toHaveLength(8);
  expect(Object.keys(networkFiles(files)).sort()).toEqual(Object.values(modelFiles).sort());
});

test("the pool's recorded embeddings are by the CLIP beside them", async () => {
  const { metadata, entries } = await openSafetensors(
    bytesSource(recordedEmbeddingsPath, await read(recordedEmbeddingsPath)),
  );
  expect(metadata.get("clip"), "`npm run -s rog -- index` makes them").toBe(await sha256(await read(modelFiles.clip)));
  expect(entries.get("image_embeds")).toMatchObject({ dtype: "F16", shape: [expect.any(Number), 96] });
});

test("a manifest without a hash is refused", () => {
  const bytes = new TextEncoder().encode('{"format":"model-files/1","files":{"a":{"bytes":1,"sha256":"00"}}}');
  expect(() => parseModelManifest(bytes, "manifest")).toThrow(FormatError);
  expect(() => parseModelManifest(new TextEncoder().encode("<html>"), "manifest")).toThrow(/expected JSON/);
});
