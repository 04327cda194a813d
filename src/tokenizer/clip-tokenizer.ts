import { FormatError, MissingError } from "../errors.ts";
import { BYTE_ORDER, BYTE_SYMBOLS, END_OF_WORD, wordToByteIds } from "./byte-symbols.ts";
import { END_TEXT, START_TEXT, splitWords } from "./split-words.ts";

/** How a prompt becomes a row of token ids. */
export interface PromptOptions {
  /** tokens in the row, with start and end; 77 in CLIP */
  readonly length?: number;
  /** fills the row after the end token; the end token itself by default, 0 in openai/CLIP */
  readonly padId?: number;
}

const BYTES = BYTE_SYMBOLS.length;
const BASE_SIZE = 2 * BYTES;
/** Ids stay below this, so that a pair of them is one exact number. */
const MAX_SIZE = 2 ** 24;
const pairKey = (left: number, right: number): number => left * MAX_SIZE + right;

/**
 * CLIP's byte-pair encoding. The vocabulary is the 256 bytes, the 256 bytes that end a word, one token a merge,
 * the start and the end of text, and then the tokens that `withTokens` adds, so the same code serves CLIP's own
 * 49,408 entries (48,894 merges) and a small vocabulary trained on a small world.
 *
 * Ids are equal to those of the `CLIPTokenizer` of transformers 5. The class, case and
 * composition of a character are the platform's, so one that a newer Unicode version assigned may split otherwise.
 *
 * Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2021, arXiv:2103.00020; openai/CLIP `simple_tokenizer.py`.
 */
export class ClipTokenizer {
  /** Opens a prompt; 49406 in CLIP. */
  readonly startId: number;
  /** Closes a prompt, and is the token whose features CLIP pools; 49407 in CLIP. */
  readonly endId: number;
  /** Entries of the vocabulary, added tokens included. */
  readonly size: number;
  readonly #ranks: ReadonlyMap<number, number>;
  readonly #pieces: readonly Uint8Array[];
  readonly #literals: ReadonlyMap<string, number>;
  readonly #literalPattern: RegExp;

  private constructor(ranks: ReadonlyMap<number, number>, pieces: readonly Uint8Array[], added: readonly string[]) {
    this.#ranks = ranks;
    this.#pieces = pieces;
    this.startId = BASE_SIZE + ranks.size;
    this.endId = this.startId + 1;
    const literals = [START_TEXT, END_TEXT, ...added];
    this.size = this.startId + literals.length;
    this.#literals = new Map(literals.map((literal, index) => [literal, this.startId + index]));
    this.#literalPattern = literalPattern(literals);
  }

  /**
   * A tokenizer from the merges in order of rank, each `"left right"` in byte symbols, e.g. `"c at</w>"`.
   *
   * @throws FormatError when a merge is not two known symbols, or makes a symbol that exists
   */
  static fromMerges(merges: readonly string[]): ClipTokenizer {
    const symbols = [...BYTE_SYMBOLS, ...BYTE_SYMBOLS.map((symbol) => symbol + END_OF_WORD)];
    const pieces = BYTE_ORDER.map((byte) => Uint8Array.of(byte));
    pieces.push(...BYTE_ORDER.map((byte) => Uint8Array.of(byte, 0x20)));
    const ids = new Map(symbols.map((symbol, id) => [symbol, id]));
    const ranks = new Map<number, number>();
    merges.forEach((merge, rank) => {
      const where = `merges line ${String(rank + 1)}`;
      const [left = "", right = "", ...rest] = merge.split(" ");
      const [leftId, rightId] = [ids.get(left), ids.get(right)];
      if (rest.length > 0 || leftId === undefined || rightId === undefined) {
        throw new FormatError(where, "two known symbols", JSON.stringify(merge));
      }
      if (ids.has(left + right)) throw new FormatError(where, "a new symbol", JSON.stringify(merge));
      ids.set(left + right, BASE_SIZE + rank);
      ranks.set(pairKey(leftId, rightId), rank);
      pieces.push(Uint8Array.of(...pieces[leftId]!, ...pieces[rightId]!));
    });
    return new ClipTokenizer(ranks, pieces, []);
  }

  /**
   * The same tokenizer with new words that are matched literally and are one token each, as textual inversion needs;
   * their ids are `size`, `size + 1`, … of this one.
   *
   * @throws FormatError when a word is empty or is there already
   */
  withTokens(words: readonly string[]): ClipTokenizer {
    const added = [...this.#literals.keys()].slice(2);
    for (const word of words) {
      if (word === "" || added.includes(word) || this.#literals.has(word)) {
        throw new FormatError("added token", "a new word", JSON.stringify(word));
      }
      added.push(word);
    }
    return new ClipTokenizer(this.#ranks, this.#pieces, added);
  }

  /** The token ids of a text, without start and end. The markers and added words in the text are their own tokens. */
  encode(text: string): number[] {
    const ids: number[] = [];
    // The pattern has one capturing group, so odd parts are literals.
    text.split(this.#literalPattern).forEach((part, index) => {
      if (index % 2 === 1) ids.push(this.#literals.get(part)!);
      else for (const word of splitWords(part)) for (const id of this.#mergeWord(word)) ids.push(id);
    });
    return ids;
  }

  /**
   * The row of ids that a text encoder takes: start, text, end, padding; too long a text is cut and the last id is
   * then the end.
   *
   * @returns [length]
   * @throws FormatError when `length` has no room for start and end
   */
  encodePrompt(text: string, { length = 77, padId = this.endId }: PromptOptions = {}): Uint32Array {
    if (!Number.isInteger(length) || length < 2) {
      throw new FormatError("prompt length", "an integer of at least 2", String(length));
    }
    const ids = this.encode(text).slice(0, length - 2);
    const row = new Uint32Array(length).fill(padId);
    row.set([this.startId, ...ids, this.endId]);
    return row;
  }

  /**
   * The text of token ids, words separated by single spaces; start and end are left out.
   *
   * @throws MissingError when an id is not in the vocabulary
   */
  decode(ids: Iterable<number>): string {
    const added = [...this.#literals.keys()];
    const encoder = new TextEncoder();
    const bytes: number[] = [];
    for (const id of ids) {
      if (id === this.startId || id === this.endId) continue;
      const literal = added[id - this.startId];
      const piece = literal === undefined ? this.#pieces[id] : encoder.encode(`${literal} `);
      if (piece === undefined) throw new MissingError("decode", `token ${String(id)}`);
      for (const byte of piece) bytes.push(byte);
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes)).replace(/ $/, "");
  }

  /** Merges the pair of lowest rank, everywhere from left to right, until no pair has a rank. */
  #mergeWord(word: string): number[] {
    let ids = wordToByteIds(word);
    for (;;) {
      let best = Infinity;
      for (let i = 0; i + 1 < ids.length; i++) {
        const rank = this.#ranks.get(pairKey(ids[i]!, ids[i + 1]!));
        if (rank !== undefined && rank < best) best = rank;
      }
      if (best === Infinity) return ids;
      const merged: number[] = [];
      for (let i = 0; i < ids.length; i++) {
        const isPair = i + 1 < ids.length && this.#ranks.get(pairKey(ids[i]!, ids[i + 1]!)) === best;
        merged.push(isPair ? BASE_SIZE + best : ids[i]!);
        if (isPair) i++;
      }
      ids = merged;
    }
  }
}

/** Matches any of the words literally, the longest first, in one capturing group. */
const literalPattern = (words: readonly string[]): RegExp => {
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  return new RegExp(`(${longestFirst.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|")})`);
};

/**
 * The merges of a merges file: a line each, after an optional line with the version.
 *
 * @param count keeps that many; CLIP uses the first 48,894 lines of `bpe_simple_vocab_16e6.txt`
 */
export const parseMerges = (text: string, count = Infinity): string[] => {
  const lines = text.split("\n").filter((line) => line !== "");
  const start = lines[0]?.includes("#version") === true ? 1 : 0;
  return lines.slice(start, start + count);
};

/** A merges file that `parseMerges` and transformers read. */
export const formatMerges = (merges: readonly string[]): string => `#version: 0.2\n${merges.join("\n")}\n`;
