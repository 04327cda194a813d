/** What the student chose for runs, and when a prediction stops being one. */
import { conditionIds } from "../experiment/conditions.ts";
import type { SpecInput } from "../experiment/spec.ts";
import { remembered } from "./remembered.ts";

/** Conditions that every live run has: what others are compared with. */
export const alwaysIncluded: readonly string[] = ["real-10", "retrieval"];

/** Conditions to include in a live run, in the order of the table; null as long as the preset decides. */
export const chosenConditions = remembered<readonly string[] | null>("conditions", null);

/** Conditions with one put in or taken out, in the order of the table; those that every run has always stay. */
export function withCondition(chosen: readonly string[] | null, id: string, isIncluded: boolean): readonly string[] {
  const now = new Set([...(chosen ?? []), ...alwaysIncluded]);
  if (isIncluded) now.add(id);
  else if (!alwaysIncluded.includes(id)) now.delete(id);
  return conditionIds().filter((known) => now.has(known));
}

/** A run's spec with the chosen conditions in the place of its own, where any were chosen. */
export function withChosen(spec: SpecInput): SpecInput {
  const conditions = chosenConditions.value;
  return conditions === null ? spec : { ...spec, conditions: conditions as NonNullable<SpecInput["conditions"]> };
}

/** An order of conditions, the best first; null where none was given. */
export type Prediction = readonly string[] | null;

/** Runs whose result was looked at, by id, with the prediction as it stood then. */
export const resultSeen = remembered<Readonly<Record<string, Prediction>>>("result-seen", {});

/** Whether a run's result was looked at, so that what is said of it now is no prediction any more. */
export function hasSeenResult(runId: string): boolean {
  return Object.hasOwn(resultSeen.value, runId);
}

/** Notes that a run's result is looked at; from the first time on, the prediction for it stays as it was. */
export function markResultSeen(runId: string, prediction: Prediction): void {
  if (!hasSeenResult(runId)) resultSeen.value = { ...resultSeen.value, [runId]: prediction };
}

/** The prediction that counts for a run: as it was when the run's result was first seen, or else `now`. */
export function predictionFor(runId: string, now: Prediction): Prediction {
  return hasSeenResult(runId) ? (resultSeen.value[runId] ?? null) : now;
}
