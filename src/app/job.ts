/** The run that this page has going, from its click to its end. */
import { computed, signal } from "@preact/signals";
import { proxy } from "comlink";
import type { LabEvent, RunOutcome, RunRequest } from "../../workers/lab-api.ts";
import { askElsewhere, isBusyElsewhere } from "./elsewhere.ts";
import { remainingRange } from "./eta.ts";
import { after, freshJob, type Job, type JobPhase } from "./job-state.ts";
import { chosenTarget, onTarget } from "./own-target.ts";
import { pageAddress } from "./runs/recorded.ts";
import type { PlaceId } from "./route.ts";
import { hash, lab, liveClass, place, refreshKept, showKept, shown, wantsLive } from "./state.ts";

/** The job; null before the first. */
export const job = signal<Job | null>(null);

/** Steps that show a run while it goes on, where one does not prefer to see a finished one. */
const showingLive: readonly PlaceId[] = ["make", "train"];

/** Whether one is where a run is watched, whatever run the other steps show. */
const isWatching = (): boolean => place.value === "start" || (wantsLive.value && showingLive.includes(place.value));

/** The pictures of one's own that the next run is on; null where it is on the world that is served, as every locked link's. */
export const targetOfRuns = computed(() => (hash.value.lock ? null : chosenTarget.value));

/** Phases in which a job has the device, or waits for it. */
const going: readonly JobPhase[] = ["queued", "running", "suspended"];

/** Whether the job goes on, so that nothing else can start. */
export const isRunGoing = computed(() => job.value !== null && going.includes(job.value.phase));

/** Every event of the page's runs with its time, the oldest first. */
export const events = signal<readonly { readonly t: string; readonly event: LabEvent }[]>([]);

const mostEvents = 5000;

/** How long the present stage still takes, in seconds; null before there is anything to say. */
export function stageRemaining({ stages }: Job): { readonly low: number; readonly high: number } | null {
  const last = stages.at(-1);
  return last ? remainingRange(last.times, last.total - last.done) : null;
}

/** Starts a run on the chosen target, or goes on with an unfinished one of the same spec. */
export async function startJob(spec: RunRequest["spec"]): Promise<void> {
  await begin(onTarget({ spec, files: pageAddress() }, targetOfRuns.value));
}

/**
 * Goes on with an unfinished run as it was begun: a target of its own is in its spec's name. Where another tab is at it, this one
 * waits, and shows the run if it is finished by then.
 *
 * @param spec as the run keeps it
 * @param id the run's
 */
export async function goOnWith(spec: RunRequest["spec"], id: string): Promise<void> {
  await begin({ spec, files: pageAddress(), goesOnWith: id });
}

async function begin(request: RunRequest): Promise<void> {
  if (isRunGoing.value) return;
  job.value = { ...freshJob(request.spec), id: request.goesOnWith ?? null };
  await work(request, null);
}

/** The lab's work at a job from one click on. Only the latest start changes what the page says of its job. */
interface Start {
  readonly request: RunRequest;
  /** Whether it was told to stop, so that what it still tells changes nothing. */
  isHeld: boolean;
  /** How it ends, or the one before it as long as the lab was not asked; null where there is neither. */
  outcome: Promise<RunOutcome> | null;
}

let latest: Start | null = null;

/** @param before the start that it goes on from */
async function work(request: RunRequest, before: Start | null): Promise<void> {
  const start: Start = { request, isHeld: false, outcome: before?.outcome ?? null };
  latest = start;
  const update = (change: (job: Job) => Job): void => {
    if (job.value && start === latest) job.value = change(job.value);
  };
  const onEvent = (event: LabEvent): void => {
    isBusyElsewhere.value = false;
    if (event.event !== "progress" && event.event !== "epoch") keepEvent(event);
    update((now) => (start.isHeld ? now : after(now, event)));
  };
  try {
    // The lab works at one thing: an earlier start may still be ending, and a run has precedence over a drawing or look-up.
    await lab.cancel();
    const earlier = await start.outcome?.catch(() => null);
    if (start.isHeld || start !== latest) return;
    // A run that has to wait for another tab offers to take over.
    void askElsewhere();
    // An earlier start that came to its end before it could be stopped leaves nothing to go on with.
    const running = earlier?.state === "done" ? Promise.resolve(earlier) : lab.run(request, proxy(onEvent));
    start.outcome = running;
    const outcome = await running;
    if (outcome.state === "stopped") {
      update((now) => (start.isHeld ? now : { ...now, phase: "cancelled" }));
      return;
    }
    isBusyElsewhere.value = false;
    await refreshKept();
    // The steps go from the live run to the finished one without the one before in between, and keep to the class. Somebody who is
    // at another run, in a step that shows it, keeps it: the bar offers the new one.
    if (shown.value === null || isWatching()) await showKept(outcome.id, undefined, liveClass.value);
    update((now) => ({ ...now, phase: "done", id: outcome.id, unit: null }));
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    update((now) => ({ ...now, phase: "failed", error: text }));
  }
}

function keepEvent(event: LabEvent): void {
  events.value = [...events.value, { t: new Date().toISOString(), event }].slice(-mostEvents);
}

/** Stops the run where it stands; finished units are kept. */
async function hold(change: Pick<Job, "phase"> & Partial<Job>): Promise<void> {
  if (!job.value) return;
  if (latest) latest.isHeld = true;
  job.value = { ...job.value, ...change };
  await lab.cancel();
}

/** Stops the run after the unit's present step and frees the device; `resumeJob` goes on. */
export async function pauseJob(): Promise<void> {
  await hold({ phase: "paused" });
  await release();
}

/** The same for a reason of the browser's. @param note what is waited for */
export async function suspendJob(note: string): Promise<void> {
  await hold({ phase: "suspended", note });
  await release();
}

/** Frees the device, where nobody went on while the run was still ending. */
async function release(): Promise<void> {
  if (latest?.isHeld) await lab.release();
}

/** Goes on with a job that was paused, suspended, stopped or failed; what is finished is found again. @param more changes of the request */
export async function resumeJob(more: Partial<RunRequest> = {}): Promise<void> {
  if (!job.value || !latest) return;
  const { spec, id } = job.value;
  job.value = { ...freshJob(spec), id };
  await work({ ...latest.request, ...(id === null ? {} : { goesOnWith: id }), ...more }, latest);
}

/** Ends a training after its present epoch; one that has ended by then is left as it is. @param unit such as `retrieval/set-0` */
export async function endTraining(unit: string): Promise<void> {
  if (job.value?.id) await lab.skipTraining(job.value.id, unit);
}

/** Stops the run; what is finished is kept. */
export async function stopJob(): Promise<void> {
  await hold({ phase: "cancelled" });
}
