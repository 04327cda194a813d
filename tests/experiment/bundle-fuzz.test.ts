import { strToU8, unzipSync, zipSync } from "fflate";
import { describe, test } from "vitest";
import { safePath } from "../../src/data/import/safe-path.ts";
import { FormatError, IntegrityError, MissingError } from "../../src/errors.ts";
import { bundle, readBundle } from "../../src/experiment/bundle.ts";
import { inChunks } from "../data/import/archives.ts";
import { fuzz, seed } from "../data/import/fuzzing.ts";

const files = new Map([
  ["config.resolved.json", strToU8('{"name":"tiny"}')],
  ["produce/retrieval/red.bin", Uint8Array.from({ length: 300 }, (_, i) => (i * i) % 251)],
  ["run.json", strToU8('{"specHash":"x","state":"done","startedAt":"2026-11-22T12:00:00.000Z"}')],
  ["notes.txt", strToU8("again ".repeat(60))],
]);
const original = await bundle(files);
const refusals = [FormatError, IntegrityError, MissingError];

/** Reads a bundle. @throws Error when it counts as whole and is not what was bundled */
async function read(bytes: Uint8Array): Promise<void> {
  const kept = new Map<string, Uint8Array>();
  const count = await readBundle(inChunks(bytes, 997), "fuzz", (path, content) => {
    if (safePath(path, "fuzz") !== path) throw new Error(`unsafe path ${path}`);
    kept.set(path, content);
    return Promise.resolve();
  });
  if (count !== files.size || kept.size !== files.size) throw new Error("another number of files");
  for (const [path, content] of kept)
    if (Buffer.compare(content, files.get(path) ?? new Uint8Array(0)) !== 0) throw new Error(`another ${path}`);
}

describe(`a bundle with random faults is what was bundled, or is refused (ROG_FUZZ_SEED=${String(seed)})`, () => {
  test("faults in the zip", () => fuzz([original], 4000, read, refusals));

  test("faults in the manifest, in a zip that is whole", () => {
    const members = unzipSync(original);
    return fuzz(
      [members["manifest.json"]!],
      3000,
      (manifest) => read(zipSync({ ...members, "manifest.json": manifest }, { level: 0 })),
      refusals,
    );
  });
});
