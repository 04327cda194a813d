/** What captions say, part by part, for an image tower that learns from a text tower that stays as it is. */
import { joinRows, splitRows } from "../data/rows.ts";

/** What prompts begin with; a part of a caption is said both with and without it. */
const opening = "a photo of ";

/** The comma-separated parts of captions, and which caption says which. */
export interface CaptionParts {
  readonly texts: readonly string[];
  /** [texts, width], rows of length 1: the mean of a part's embeddings as it stands and with a prompt's opening */
  readonly embeddings: Float32Array;
  /** For each caption, the parts that it says. */
  readonly said: readonly (readonly number[])[];
}

/**
 * The parts that at least `atLeast` captions say, embedded.
 * @param embed unit embeddings of texts, [n, width]
 */
export async function captionParts(
  captions: readonly string[],
  atLeast: number,
  embed: (texts: readonly string[]) => Promise<Float32Array>,
): Promise<CaptionParts> {
  const split = captions.map((caption) => [...new Set(caption.split(", "))]);
  const counts = new Map<string, number>();
  for (const part of split.flat()) counts.set(part, (counts.get(part) ?? 0) + 1);
  const texts = [...counts].flatMap(([part, count]) => (count >= atLeast ? [part] : []));
  const embedded = await embed(texts.flatMap((part) => [part, opening + part]));
  const rows = splitRows(embedded, embedded.length / (2 * texts.length));
  const places = new Map(texts.map((part, place) => [part, place]));
  return {
    texts,
    embeddings: joinRows(texts.map((_, i) => unitMean(rows.slice(2 * i, 2 * i + 2)))),
    said: split.map((parts) => parts.flatMap((part) => places.get(part) ?? [])),
  };
}

function unitMean(rows: readonly Float32Array[]): Float32Array {
  const sum = rows[0]!.map((_, k) => rows.reduce((total, row) => total + row[k]!, 0));
  const length = Math.hypot(...sum);
  return sum.map((value) => (length > 0 ? value / length : 0));
}
