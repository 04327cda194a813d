/** The stages of a run, in order. The audit precedes the sets because `drop` decides what they may hold. */
export const stageNames = [
  "world",
  "adapt",
  "produce",
  "audit",
  "sets",
  "train",
  "evaluate",
  "analyze",
  "report",
] as const;

/** One of the stages. */
export type StageName = (typeof stageNames)[number];
