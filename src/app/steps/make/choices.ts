/** How the lanes are looked at. */
import { signal } from "@preact/signals";
import { remembered } from "../../remembered.ts";

/** Where added images come from. */
export type Origin = "generated" | "retrieved";

const origins: readonly [Origin, Origin] = ["generated", "retrieved"];

/** By chance for each student, so that neither is the first that all look at. */
export function drawnOrigin(): Origin {
  return crypto.getRandomValues(new Uint8Array(1))[0]! % 2 === 0 ? "generated" : "retrieved";
}

/** The origin whose lane comes first. It was drawn at the first visit, and is the student's own from the first comparison on. */
export const firstOrigin = remembered<Origin>("make-first-lane", drawnOrigin());

/** Which of the two the student would train on; null before the first comparison. */
export const preferred = remembered<Origin | "neither" | null>("make-preferred", null);

/** Both in the order of their lanes. @param first of `firstOrigin` */
export function orderedOrigins(first: Origin): readonly Origin[] {
  return first === "generated" ? origins : [...origins].reverse();
}

/** The method of each origin's lane, where the student chose one. */
export const methods = {
  generated: signal<string | null>(null),
  retrieved: signal<string | null>(null),
} as const;

/** The method to show: the chosen one where the run has it. */
export function methodShown(origin: Origin, ids: readonly string[]): string | null {
  const chosen = methods[origin].value;
  return chosen !== null && ids.includes(chosen) ? chosen : (ids[0] ?? null);
}

/** The picture that is looked at. */
export const looked = signal<{ readonly lane: string; readonly key: string } | null>(null);
