/** Whether another tab of this browser has the GPU, and how this one gets it. */
import { signal } from "@preact/signals";
import { lab } from "./state.ts";

/** As of when it was asked last. */
export const isBusyElsewhere = signal(false);

/** Asks. */
export async function askElsewhere(): Promise<boolean> {
  isBusyElsewhere.value = await lab.busyElsewhere();
  return isBusyElsewhere.value;
}

/** Lets the other tab stop; a run of this one that waits goes on then. */
export async function takeOver(): Promise<void> {
  await lab.takeOver();
  isBusyElsewhere.value = false;
}
