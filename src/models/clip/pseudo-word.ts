/** Words that a text tower has no token for: their embeddings take the place of a token's. */
import { add, affine, mul } from "../../graph/ops/elementwise.ts";
import { broadcastTo } from "../../graph/ops/reduce.ts";
import { reshape } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { ClipTokenizer } from "../../tokenizer/clip-tokenizer.ts";
import type { ClipText } from "./text.ts";

/** Texts with a gap for a pseudo-word, as a graph's inputs take them. */
export interface GappedTexts {
  /** [n, length] token ids; any id stands in the gap */
  readonly ids: Uint32Array;
  /** [n, length] 1 at the gap, else 0; a text that is cut before its gap has none */
  readonly gaps: Float32Array;
}

/** Stands in a template's slot while it is tokenised. */
const gapToken = "<|pseudo-word|>";

/**
 * Tokenises templates whose slot `{}` takes a pseudo-word of one token.
 * @param length tokens of a text, start and end included
 */
export function gappedTexts(tokenizer: ClipTokenizer, templates: readonly string[], length: number): GappedTexts {
  const extended = tokenizer.withTokens([gapToken]);
  const ids = new Uint32Array(templates.length * length);
  templates.forEach((template, row) => {
    ids.set(extended.encodePrompt(template.replace("{}", gapToken), { length }), row * length);
  });
  const gaps = Float32Array.from(ids, (id) => (id === tokenizer.size ? 1 : 0));
  return { ids: ids.map((id) => (id === tokenizer.size ? 0 : id)), gaps };
}

/**
 * Token embeddings with a pseudo-word's in each gap; `ClipText.encode` goes on from there.
 *
 * @param ids [n, t] u32
 * @param gaps [n, t], 1 at the gap, else 0
 * @param words [n, width]
 * @returns [n, t, width]
 *
 * Gal et al. 2022, arXiv:2208.01618, section 3.
 */
export function embedWithWords(text: ClipText, ids: Tensor, gaps: Tensor, words: Tensor): Tensor {
  const embedded = text.embed(ids);
  const [n, t, width] = embedded.shape as [number, number, number];
  const gap = reshape(gaps, [n, t, 1]);
  const spread = broadcastTo(reshape(words, [n, 1, width]), [n, t, width]);
  return add(mul(embedded, affine(gap, -1, 1)), mul(spread, gap));
}

/**
 * The mean of a word's token embeddings: where a pseudo-word begins.
 *
 * @param table [vocabulary, width], the tower's token embeddings
 */
export function meanEmbedding(
  tokenizer: ClipTokenizer,
  word: string,
  table: Float32Array,
  width: number,
): Float32Array {
  const ids = tokenizer.encode(word);
  const mean = new Float32Array(width);
  for (const id of ids) for (let i = 0; i < width; i++) mean[i]! += table[id * width + i]! / ids.length;
  return mean;
}
