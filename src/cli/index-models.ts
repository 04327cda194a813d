/** `rog index-models`: writes the hashes of a models' folder, without which the lab in a browser does not load it. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { recordedEmbeddingsPath } from "../experiment/lab-networks.ts";
import { modelManifestName, modelManifestText } from "../experiment/model-manifest.ts";
import { writeFileAtomic } from "../storage/files.ts";
import { flagsText, readFlags } from "./arguments.ts";

const flags = {
  models: { type: "string", help: "the networks' folder (public/models/mini)" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

/** @returns 0 */
export async function run(args: readonly string[]): Promise<number> {
  const given = readFlags("index-models", args, flags);
  if (given.help) {
    process.stdout.write(`rog index-models: sizes and hashes of the networks' files\n\n${flagsText(flags)}`);
    return 0;
  }
  const path = await indexModels(given.models ?? "public/models/mini");
  process.stdout.write(`${path}\n`);
  return 0;
}

/**
 * Writes the manifest of a models' folder; the pool's embeddings are listed where they are there.
 *
 * @returns its path
 * @throws an error with the code ENOENT when a file of the networks is not there
 */
export async function indexModels(folder: string): Promise<string> {
  const path = join(folder, modelManifestName);
  const hasEmbeddings = existsSync(join(folder, recordedEmbeddingsPath));
  const text = await modelManifestText((name) => readFile(join(folder, name)), hasEmbeddings);
  await writeFileAtomic(path, [new TextEncoder().encode(text)]);
  return path;
}
