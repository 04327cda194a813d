import { FormatError } from "../errors.ts";
import { BYTE_SYMBOLS, END_OF_WORD, wordToByteIds } from "./byte-symbols.ts";
import { splitWords } from "./split-words.ts";

/** Bytes, bytes that end a word, start and end of text. */
const FIXED_ENTRIES = 2 * BYTE_SYMBOLS.length + 2;

interface Word {
  /** symbol ids, merged so far */
  ids: number[];
  readonly count: number;
}

interface Pair {
  readonly left: number;
  readonly right: number;
  count: number;
  readonly words: Set<Word>;
}

/**
 * The merges of a byte-pair vocabulary for texts: the most frequent adjacent pair again and again, ties to the pair
 * whose two symbols come first in code-unit order, so equal texts in any order give equal merges. Pairs that occur
 * once are not merged, so a small corpus may give fewer entries than asked for.
 *
 * @param vocabularySize entries of the finished vocabulary, with the 512 byte symbols and the two markers
 * @returns at most `vocabularySize − 514` merges for `ClipTokenizer.fromMerges`
 * @throws FormatError when `vocabularySize` has no room for the fixed entries
 *
 * Sennrich et al. 2016, arXiv:1508.07909, algorithm 1.
 */
export const trainMerges = (texts: readonly string[], vocabularySize: number): string[] => {
  if (!Number.isInteger(vocabularySize) || vocabularySize < FIXED_ENTRIES) {
    throw new FormatError("vocabulary size", `an integer of at least ${String(FIXED_ENTRIES)}`, String(vocabularySize));
  }
  const symbols = [...BYTE_SYMBOLS, ...BYTE_SYMBOLS.map((symbol) => symbol + END_OF_WORD)];
  const known = new Set(symbols);
  const pairs = new PairCounts(countWords(texts), symbols);
  const merges: string[] = [];
  while (merges.length < vocabularySize - FIXED_ENTRIES) {
    const best = pairs.best();
    if (best === undefined) break;
    const product = symbols[best.left]! + symbols[best.right]!;
    // Two pairs can spell the same symbol; a vocabulary names each symbol once.
    if (known.has(product)) {
      pairs.forbid(best);
      continue;
    }
    known.add(product);
    merges.push(`${symbols[best.left]!} ${symbols[best.right]!}`);
    symbols.push(product);
    pairs.merge(best, symbols.length - 1);
  }
  return merges;
};

const countWords = (texts: readonly string[]): Word[] => {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of splitWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Array.from(counts, ([word, count]) => ({ ids: wordToByteIds(word), count }));
};

const MAX_SYMBOLS = 2 ** 24;
const keyOf = (left: number, right: number): number => left * MAX_SYMBOLS + right;

/** How often each adjacent pair of symbols occurs, kept up to date while words are merged. */
class PairCounts {
  readonly #pairs = new Map<number, Pair>();
  readonly #forbidden = new Set<number>();

  constructor(
    words: readonly Word[],
    readonly symbols: readonly string[],
  ) {
    for (const word of words) this.#count(word, 1);
  }

  /** The pair to merge next, or undefined when none occurs twice. */
  best(): Pair | undefined {
    let best: Pair | undefined;
    for (const [key, pair] of this.#pairs) {
      if (pair.count < 2 || this.#forbidden.has(key)) continue;
      if (best === undefined || pair.count > best.count || (pair.count === best.count && this.#precedes(pair, best))) {
        best = pair;
      }
    }
    return best;
  }

  /** Leaves a pair out of `best` for good. */
  forbid(pair: Pair): void {
    this.#forbidden.add(keyOf(pair.left, pair.right));
  }

  /** Replaces a pair by one symbol in every word that has it. */
  merge({ left, right, words }: Pair, symbol: number): void {
    for (const word of [...words]) {
      this.#count(word, -1);
      const merged: number[] = [];
      for (let i = 0; i < word.ids.length; i++) {
        const isPair = word.ids[i] === left && word.ids[i + 1] === right;
        merged.push(isPair ? symbol : word.ids[i]!);
        if (isPair) i++;
      }
      word.ids = merged;
      this.#count(word, 1);
    }
  }

  #count(word: Word, sign: 1 | -1): void {
    for (let i = 0; i + 1 < word.ids.length; i++) {
      const [left, right] = [word.ids[i]!, word.ids[i + 1]!];
      const key = keyOf(left, right);
      let pair = this.#pairs.get(key);
      if (pair === undefined) this.#pairs.set(key, (pair = { left, right, count: 0, words: new Set() }));
      pair.count += sign * word.count;
      if (sign === 1) pair.words.add(word);
      else pair.words.delete(word);
      if (pair.count === 0) this.#pairs.delete(key);
    }
  }

  #precedes(a: Pair, b: Pair): boolean {
    const [aLeft, bLeft] = [this.symbols[a.left]!, this.symbols[b.left]!];
    return aLeft === bLeft ? this.symbols[a.right]! < this.symbols[b.right]! : aLeft < bLeft;
  }
}
