/** A device that is handed on: what one student predicted, chose and wrote is not the next one's. */
import { resultSeen } from "./choices.ts";
import { prediction } from "./state.ts";
import { drawnOrigin, firstOrigin, preferred } from "./steps/make/choices.ts";
import { flags } from "./steps/make/flags.ts";
import { allNotes } from "./steps/report/notes.ts";
import { draft } from "./steps/sources/order.ts";

/** Forgets what the lesson's exercises have made a student say. Runs, downloads, settings and the next run's set-up stay. */
export function startAfresh(): void {
  prediction.value = null;
  draft.value = null;
  resultSeen.value = {};
  flags.value = {};
  preferred.value = null;
  firstOrigin.value = drawnOrigin();
  allNotes.value = {};
}
