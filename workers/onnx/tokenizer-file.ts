/** A user's tokenizer of CLIP: the merges of `merges.txt`, or those in `tokenizer.json`. */
import { FormatError } from "../../src/errors.ts";
import { ClipTokenizer, parseMerges } from "../../src/tokenizer/clip-tokenizer.ts";
import { END_OF_WORD } from "../../src/tokenizer/byte-symbols.ts";
import { END_TEXT, START_TEXT } from "../../src/tokenizer/split-words.ts";

/** Merges of CLIP's own vocabulary; the list that openai/CLIP publishes goes on after them. */
const clipMerges = 48_894;

/** The part of a `tokenizer.json` that is read, as far as it is there. */
interface TokenizerJson {
  readonly model?: {
    readonly merges?: readonly (string | readonly [string, string])[];
    readonly vocab?: Readonly<Record<string, number>>;
  };
}

/**
 * The tokenizer that a file describes.
 *
 * @param text the file's
 * @param where names the file in errors
 * @throws FormatError when it holds no merges, or those of another kind of tokenizer than CLIP's
 */
export function readTokenizer(text: string, where: string): ClipTokenizer {
  if (!/^\s*[{[]/.test(text)) return fromMerges(parseMerges(text.replaceAll("\r", ""), clipMerges), where);
  const { merges, vocab } = parsed(text, where).model ?? {};
  if (!Array.isArray(merges))
    throw new FormatError(where, "merges.txt, or tokenizer.json with model.merges", "neither");
  const lines = (merges as readonly (string | readonly string[])[]).map((merge) =>
    typeof merge === "string" ? merge : merge.join(" "),
  );
  const tokenizer = fromMerges(lines, where);
  checkId(vocab, START_TEXT, tokenizer.startId, where);
  checkId(vocab, END_TEXT, tokenizer.endId, where);
  return tokenizer;
}

function parsed(text: string, where: string): TokenizerJson {
  try {
    return JSON.parse(text) as TokenizerJson;
  } catch (error) {
    throw new FormatError(where, "JSON", error instanceof Error ? error.message : String(error));
  }
}

function fromMerges(merges: readonly string[], where: string): ClipTokenizer {
  // Tokenizers of the same construction that mark a word's beginning instead would read without a fault, and be wrong.
  if (!merges.some((merge) => merge.endsWith(END_OF_WORD)))
    throw new FormatError(where, `CLIP's merges, some of which end words by ${END_OF_WORD}`, "none that does");
  try {
    return ClipTokenizer.fromMerges(merges);
  } catch (error) {
    if (error instanceof FormatError) throw new FormatError(`${where}: ${error.where}`, error.expected, error.actual);
    throw error;
  }
}

function checkId(vocab: Readonly<Record<string, number>> | undefined, word: string, id: number, where: string): void {
  const given = vocab?.[word];
  if (given !== id) throw new FormatError(where, `${word} as token ${String(id)}`, String(given ?? "none"));
}
