/** Trainings of the run that goes on, as far as it has finished them. */
import { signal } from "@preact/signals";
import type { Curve } from "../../runs/run-view.ts";
import { lab } from "../../state.ts";
import { curveOf } from "./curves.ts";
import { reasonOf } from "../../reason.ts";

/** Those of the run of this id; null before the lab was asked. */
export const liveTrainings = signal<{ readonly id: string; readonly curves: readonly Curve[] } | null>(null);

/** Why they could not be had; null where they could. */
export const trainingsProblem = signal<string | null>(null);

/** Asks the lab for the finished trainings. */
export async function askForTrainings(id: string): Promise<void> {
  try {
    const curves = (await lab.trainings(id)).map(curveOf);
    // Answers may overtake each other; trainings only become more.
    const before = liveTrainings.value;
    if (before?.id !== id || curves.length >= before.curves.length) liveTrainings.value = { id, curves };
    trainingsProblem.value = null;
  } catch (error) {
    trainingsProblem.value = reasonOf(error);
  }
}
