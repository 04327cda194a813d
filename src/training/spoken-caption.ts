/** What is said of a picture when a network is trained on it. */
import type { RandomStream } from "../random.ts";

/** What web captions begin with, so that prompts are not strange to the text tower. */
const openings = ["a photo of", "a photo of a", "a picture of", "an image of the", "picture of a", "photo of"] as const;

/** The chance of an opening, and of a full stop after a text that has one. */
const openingShare = 1 / 2;
const fullStopShare = 1 / 2;

/** The chance that a text is one part of its caption alone: a class is asked for by such a word. */
const onePartShare = 0.7;

/** The chance that any other text is some of its caption's parts in random order, not the caption as it stands. */
const partsShare = 0.8;

/**
 * What a text is trained with: mostly one or a few of its caption's comma-separated parts, so that "bird" alone belongs
 * to a picture of "rooster, bird, farm", often with the words that prompts begin with.
 */
export function spoken(caption: string, random: RandomStream): string {
  const said = partsOf(caption.split(", "), random).join(", ");
  if (random.uniform() >= openingShare) return said;
  return `${random.choice(openings)} ${said}${random.uniform() < fullStopShare ? "." : ""}`;
}

function partsOf(parts: readonly string[], random: RandomStream): readonly string[] {
  if (random.uniform() < onePartShare) return [random.choice(parts)];
  return random.uniform() < partsShare ? random.shuffle(parts).slice(0, 1 + random.integer(parts.length)) : parts;
}
