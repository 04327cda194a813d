/** What the classes of a user's target are called and mean: from a file of names, and from WordNet. */
import { readFile } from "node:fs/promises";
import { objectOf } from "../data/import/metadata.ts";
import { keyOf, type ClassWords } from "../data/import/own-world.ts";
import { utf8Text } from "../data/import/utf8-text.ts";
import { ConfigError } from "../errors.ts";
import { nearestName } from "../nearest-name.ts";
import { parseStrictJson, type StrictJson } from "../weights/strict-json.ts";
import { say } from "./say.ts";
import { wordNetWords } from "./wordnet-words.ts";

/** Where words are read from. */
interface WordSources {
  /** A JSON file from labels to names, or to `{ name, hypernym, definition }`. */
  readonly names?: string | undefined;
  /** WordNet's `data.noun` or its folder. */
  readonly wordnet?: string | undefined;
}

/**
 * Words by label: WordNet's, where the file of names gives none. A file of names may be of more classes than there are, such as
 * one of all of ImageNet, but only where every label has words: otherwise a name of no label is taken for a misspelt one.
 *
 * @param all the pictures' labels
 * @throws ConfigError naming file and key when a name is of no label, or has an unknown field
 */
export async function classWords(
  all: readonly string[],
  { names, wordnet }: WordSources,
): Promise<ReadonlyMap<string, ClassWords>> {
  const labels = [...new Set(all)].sort();
  const words = new Map(wordnet === undefined ? [] : await wordNetWords(wordnet, labels));
  if (names === undefined) return words;
  const named = await wordsFrom(names);
  const others = [...named.keys()].filter((label) => !labels.includes(label));
  const without = labels.filter((label) => !named.has(label) && !words.has(label));
  if (others[0] !== undefined && without.length > 0) failUnknown(names, others[0], labels, without);
  if (others.length > 0) say(`${names}: ${String(others.length)} of ${String(named.size)} names are of no class here`);
  for (const [label, own] of named) if (labels.includes(label)) words.set(label, { ...words.get(label), ...own });
  return words;
}

function failUnknown(names: string, given: string, labels: readonly string[], without: readonly string[]): never {
  const meant = labels.find((label) => keyOf(label) === keyOf(given)) ?? nearestName(given, without);
  const expected = meant === null ? `a label of the source: ${labels.join(", ")}` : `a label, such as ${meant}`;
  throw new ConfigError(names, expected, given);
}

async function wordsFrom(path: string): Promise<ReadonlyMap<string, ClassWords>> {
  const listed = objectOf(parseStrictJson(utf8Text(await readFile(path), path), path), path);
  return new Map([...listed].map(([label, words]) => [label, wordsOf(words, `${path}: ${label}`)]));
}

const fieldNames = ["name", "hypernym", "definition"] as const;

function wordsOf(words: StrictJson, where: string): ClassWords {
  if (typeof words === "string" && words.trim() !== "") return { name: words };
  if (typeof words === "string") throw new ConfigError(where, "a name", JSON.stringify(words));
  const fields = objectOf(words, where);
  for (const field of fields.keys()) {
    if (fieldNames.some((name) => name === field)) continue;
    const near = nearestName(field, fieldNames);
    throw new ConfigError(where, near === null ? `the fields ${fieldNames.join(", ")}` : `the field ${near}`, field);
  }
  const text = (field: string): string | undefined => {
    const value = fields.get(field);
    if (value === undefined || (typeof value === "string" && value.trim() !== "")) return value;
    throw new ConfigError(`${where}: ${field}`, "a text", JSON.stringify(value));
  };
  const [name, hypernym, definition] = fieldNames.map(text);
  if ((hypernym === undefined) !== (definition === undefined))
    throw new ConfigError(
      where,
      "hypernym and definition, or neither",
      hypernym === undefined ? "definition" : "hypernym",
    );
  return {
    ...(name === undefined ? {} : { name }),
    ...(hypernym === undefined || definition === undefined ? {} : { meaning: { hypernym, definition } }),
  };
}
