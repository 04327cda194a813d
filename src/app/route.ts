/** The page's places: the story's steps in order, and what is beside it. */

/** The steps of the story. */
export const stepIds = ["start", "target", "sources", "make", "train", "result", "why", "report"] as const;
export type StepId = (typeof stepIds)[number];

/** Places outside the story. */
export const sideIds = [
  "runs",
  "search",
  "storage",
  "log",
  "glossary",
  "about",
  "credits",
  "settings",
  "teacher",
] as const;
export type SideId = (typeof sideIds)[number];

/** Anything that has a URL. */
export type PlaceId = StepId | SideId;

/** Whether a word of a URL names a step. */
export function isStep(word: string): word is StepId {
  return (stepIds as readonly string[]).includes(word);
}

/** Whether a word of a URL names a place. */
export function isPlace(word: string): word is PlaceId {
  return isStep(word) || (sideIds as readonly string[]).includes(word);
}
