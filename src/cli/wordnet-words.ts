/** The words of classes that are called by ImageNet ids, out of a WordNet on this disk. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClassWords } from "../data/import/own-world.ts";
import { ConfigError, MissingError } from "../errors.ts";
import { isSynsetId, linesOf, synsetOf } from "../prompts/wordnet.ts";
import { errorCode } from "../storage/files.ts";

/**
 * Name, hypernym and definition of each label that is an ImageNet id.
 *
 * @param path WordNet 3.0's `data.noun`, or a folder that has it, itself or in `dict/`
 * @throws ConfigError when no label is an id
 * @throws MissingError without the file
 * @throws FormatError naming file and id when it is another version, or has no such noun
 */
export async function wordNetWords(path: string, labels: readonly string[]): Promise<Map<string, ClassWords>> {
  const ids = labels.filter(isSynsetId);
  if (ids.length === 0)
    throw new ConfigError(
      "--wordnet",
      "labels that are ImageNet ids, such as n01484850",
      labels.slice(0, 3).join(", "),
    );
  const { file, bytes } = await readNouns(path);
  const lineAt = linesOf(bytes, file);
  return new Map(
    ids.map((id) => {
      const { lemmas, hypernym, definition } = synsetOf(id, lineAt, file);
      return [id, { name: lemmas.join(", "), meaning: { hypernym, definition } }];
    }),
  );
}

async function readNouns(path: string): Promise<{ readonly file: string; readonly bytes: Uint8Array }> {
  for (const file of [path, join(path, "data.noun"), join(path, "dict", "data.noun")]) {
    const bytes = await readFile(file).catch(undefinedWhenNoFile);
    if (bytes) return { file, bytes };
  }
  throw new MissingError(path, "WordNet 3.0's data.noun", "docs/own-data.md says where to get it");
}

/** @throws any other error again */
function undefinedWhenNoFile(error: unknown): undefined {
  if (["ENOENT", "EISDIR", "ENOTDIR"].includes(String(errorCode(error)))) return undefined;
  throw error;
}
