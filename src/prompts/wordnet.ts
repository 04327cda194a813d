/** WordNet's nouns: what the class of an ImageNet id such as n01484850 is called, and what that means. */
import { FormatError } from "../errors.ts";
import type { GlossaryEntry } from "./glossary.ts";

/** A noun's words; spaces between words, no underscores. */
export interface Synset extends GlossaryEntry {
  /** Its names, the most usual first. */
  readonly lemmas: readonly string[];
}

/** The line of `data.noun` that begins at a byte, without its end; empty behind the file's end. */
export type LineAt = (offset: number) => Uint8Array;

/** The version whose bytes ImageNet's ids count; in 3.1 nearly every noun begins elsewhere. */
const version = "3.0";

/** Whether a label is an ImageNet id. */
export function isSynsetId(label: string): boolean {
  return /^n\d{8}$/.test(label);
}

/**
 * The lines of a `data.noun`.
 *
 * @param where the file, for errors
 * @throws FormatError when the licence at its head is of another version
 */
export function linesOf(file: Uint8Array, where: string): LineAt {
  const head = new TextDecoder().decode(file.subarray(0, 2048));
  // Some hundred offsets begin a noun in both versions, and mostly another one, so a line's own offset is not enough.
  const [, found = version] = /WordNet (\d+\.\d+) Copyright/.exec(head) ?? [];
  if (found !== version)
    throw new FormatError(where, `WordNet ${version}, whose bytes ImageNet's ids count`, `WordNet ${found}`);
  return (offset) => {
    const end = file.indexOf(0x0a, offset);
    return file.subarray(offset, end < 0 ? file.length : end);
  };
}

/**
 * A noun by its ImageNet id, which is the byte of WordNet 3.0's `data.noun` where its line begins.
 *
 * The hypernym is the first direct one, or of a name (an instance) what it is one of, with all of its lemmas as a class
 * has them; the definition is the gloss without its examples.
 *
 * @param id `n` and eight digits
 * @param where the file, for errors
 * @throws FormatError naming file and id when no noun begins there, as in another version, or its line is broken
 *
 * Format: https://wordnet.princeton.edu/documentation/wndb5wn
 */
export function synsetOf(id: string, lineAt: LineAt, where: string): Synset {
  const noun = nounAt(id.slice(1), lineAt, `${where}: ${id}`);
  const above = noun.pointers.find(([symbol]) => symbol === "@") ?? noun.pointers.find(([symbol]) => symbol === "@i");
  if (above === undefined) throw new FormatError(`${where}: ${id}`, "a hypernym (@)", "none");
  const hypernym = nounAt(above[1]!, lineAt, `${where}: ${id}: hypernym`).lemmas.join(", ");
  return { lemmas: noun.lemmas, hypernym, definition: withoutExamples(noun.gloss) };
}

interface Noun {
  readonly lemmas: readonly string[];
  /** [symbol, offset, part of speech, source and target] each. */
  readonly pointers: readonly (readonly string[])[];
  readonly gloss: string;
}

/** `offset lex_filenum ss_type w_cnt (word lex_id)… p_cnt (symbol offset pos source/target)… | gloss` */
function nounAt(offset: string, lineAt: LineAt, where: string): Noun {
  const line = new TextDecoder().decode(lineAt(Number(offset)));
  const got = line === "" ? "the end of the file" : JSON.stringify(line.slice(0, 40));
  if (!line.startsWith(`${offset} `))
    throw new FormatError(where, `a line that begins with ${offset} at that byte, as in WordNet ${version}`, got);
  const bar = line.indexOf(" | ");
  const fields = line.slice(0, bar < 0 ? line.length : bar).split(" ");
  const words = Number.parseInt(fields[3] ?? "", 16);
  const lemmas = Array.from({ length: words || 0 }, (_, i) => fields[4 + 2 * i]?.replaceAll("_", " ") ?? "");
  const at = 5 + 2 * words;
  const count = Number(fields[at - 1]);
  const isWhole = bar >= 0 && fields[2] === "n" && words > 0 && fields.length === at + 4 * count;
  if (!isWhole) throw new FormatError(where, "a noun with words, pointers and a gloss", got);
  const pointers = Array.from({ length: count }, (_, i) => fields.slice(at + 4 * i, at + 4 * i + 4));
  return { lemmas, pointers, gloss: line.slice(bar + 3) };
}

/** Examples stand in quotes behind a semicolon, colon or comma; quotes elsewhere, and behind "e.g.,", are its own. */
function withoutExamples(gloss: string): string {
  const example = gloss.search(/(?:[;:]|(?<!\.),)\s*"/);
  return gloss.slice(0, example < 0 ? gloss.length : example).replace(/[\s;:,]+$/, "");
}
