/** The run that goes on in this page, or was stopped before its end, as steps show it while it is unfinished. */
import { computed } from "@preact/signals";
import { conditionIds, mainConditions } from "../experiment/conditions.ts";
import { job } from "./job.ts";
import { wantsLive } from "./state.ts";

/** Those that are done are finished runs like any other. */
const unfinished = computed(() => (job.value?.phase === "done" ? null : job.value));

// Signals of their own, so that what shows them is drawn again when they change, and not at every step of the sampler.

/** Whether there is one. */
export const hasLiveRun = computed(() => unfinished.value !== null);

/** Its id; null until the lab has opened it. */
export const liveId = computed(() => unfinished.value?.id ?? null);

/** What it was asked to be. */
export const liveSpec = computed(() => unfinished.value?.spec ?? null);

const none: readonly string[] = [];

/** Its finished units, such as `produce/retrieval/bird`. */
export const liveUnits = computed(() => unfinished.value?.finished ?? none);

/** The unit that is being made, written like a finished one; null where none is known to be. */
export const liveUnit = computed(() => {
  const stage = unfinished.value?.stages.at(-1)?.stage;
  const unit = unfinished.value?.unit;
  return stage && unit ? `${stage}/${unit}` : null;
});

/** The training that goes on, or went on last; null before the first epoch. */
export const liveTraining = computed(() => unfinished.value?.training ?? null);

/** Its conditions, in the order of the table. */
export const liveConditions = computed<readonly string[]>(() => {
  const asked: readonly string[] = liveSpec.value?.conditions ?? mainConditions;
  return conditionIds().filter((id) => asked.includes(id));
});

/** Whether steps show the live run and not the finished one. */
export const showsLive = computed(() => hasLiveRun.value && wantsLive.value);

/** Chooses between the live run and the finished one. */
export function showLive(isLive: boolean): void {
  wantsLive.value = isLive;
}
