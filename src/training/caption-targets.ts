/** What a picture's caption says as a whole, for an image tower that learns from a text tower that stays as it is. */
import { joinRows, splitRows } from "../data/rows.ts";

/** What prompts begin with; a part of a caption is said both with and without it. */
const opening = "a photo of ";

/**
 * One target a caption: the mean of its parts' embeddings, each as it stands and with a prompt's opening, at length 1.
 *
 * A text tower reads each part by itself, and what a sentence of several parts loses, their mean keeps. In the mini world the
 * class prompts find such targets with a purity of 0.84, the captions' own embeddings with 0.74 (docs/pretraining.md).
 *
 * @param embed unit embeddings of texts, [n, width]
 * @returns [captions, width]
 */
export async function captionTargets(
  captions: readonly string[],
  embed: (texts: readonly string[]) => Promise<Float32Array>,
): Promise<Float32Array> {
  const parts = [...new Set(captions.flatMap((caption) => caption.split(", ")))];
  const texts = parts.flatMap((part) => [part, opening + part]);
  const embedded = await embed(texts);
  const rows = splitRows(embedded, embedded.length / texts.length);
  const rowsOf = new Map(parts.map((part, i) => [part, rows.slice(2 * i, 2 * i + 2)]));
  return joinRows(captions.map((caption) => unitMean(caption.split(", ").flatMap((part) => rowsOf.get(part)!))));
}

function unitMean(rows: readonly Float32Array[]): Float32Array {
  const sum = rows[0]!.map((_, k) => rows.reduce((total, row) => total + row[k]!, 0));
  const length = Math.hypot(...sum);
  return sum.map((value) => (length > 0 ? value / length : 0));
}
