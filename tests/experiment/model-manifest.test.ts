import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { modelManifestName, modelManifestText, parseModelManifest } from "../../src/experiment/model-manifest.ts";

const folder = "public/models/mini";

test("the manifest of the mini world's networks has the hashes of the files beside it", async () => {
  const text = await readFile(join(folder, modelManifestName), "utf8");
  expect(text, "`npm run -s rog -- index-models` writes it").toBe(
    await modelManifestText((path) => readFile(join(folder, path))),
  );
  expect(Object.keys(parseModelManifest(new TextEncoder().encode(text), "manifest"))).toHaveLength(7);
});

test("a manifest without a hash is refused", () => {
  const bytes = new TextEncoder().encode('{"format":"model-files/1","files":{"a":{"bytes":1,"sha256":"00"}}}');
  expect(() => parseModelManifest(bytes, "manifest")).toThrow(FormatError);
  expect(() => parseModelManifest(new TextEncoder().encode("<html>"), "manifest")).toThrow(/expected JSON/);
});
