/** The run that this page has going, from its click to its end. */
import { computed, signal } from "@preact/signals";
import { proxy } from "comlink";
import type { LabEvent, RunRequest } from "../../workers/lab-api.ts";
import { remainingRange } from "./eta.ts";
import { after, freshJob, type Job, type JobPhase } from "./job-state.ts";
import { chosenTarget, onTarget } from "./own-target.ts";
import { pageAddress } from "./runs/recorded.ts";
import { hash, lab, refreshKept, showKept } from "./state.ts";

/** The job; null before the first. */
export const job = signal<Job | null>(null);

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

/** Starts a run, or goes on with an unfinished one of the same spec. */
export async function startJob(spec: RunRequest["spec"], more: Partial<RunRequest> = {}): Promise<void> {
  if (isRunGoing.value) return;
  job.value = freshJob(spec);
  await work(onTarget({ spec, files: pageAddress(), ...more }, hash.value.lock ? null : chosenTarget.value));
}

let lastRequest: RunRequest | null = null;

/** Whether the run was told to stop, so that what it still tells changes nothing. */
let isHeld = false;

async function work(request: RunRequest): Promise<void> {
  lastRequest = request;
  isHeld = false;
  const update = (change: (job: Job) => Job): void => {
    if (job.value) job.value = change(job.value);
  };
  const onEvent = (event: LabEvent): void => {
    if (event.event !== "progress" && event.event !== "epoch") keepEvent(event);
    update((now) => (isHeld ? now : after(now, event)));
  };
  try {
    const outcome = await lab.run(request, proxy(onEvent));
    if (outcome.state === "stopped") {
      update((now) => (isHeld ? now : { ...now, phase: "cancelled" }));
      return;
    }
    await refreshKept();
    // The steps go from the live run to the finished one without the one before in between.
    await showKept(outcome.id);
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
  isHeld = true;
  job.value = { ...job.value, ...change };
  await lab.cancel();
}

/** Stops the run after the unit's present step and frees the device; `resumeJob` goes on. */
export async function pauseJob(): Promise<void> {
  await hold({ phase: "paused" });
  await lab.release();
}

/** The same for a reason of the browser's. @param note what is waited for */
export async function suspendJob(note: string): Promise<void> {
  await hold({ phase: "suspended", note });
  await lab.release();
}

/** Goes on with a job that was paused, suspended, stopped or failed; what is finished is found again. @param more changes of the request */
export async function resumeJob(more: Partial<RunRequest> = {}): Promise<void> {
  if (!job.value || !lastRequest) return;
  job.value = { ...freshJob(job.value.spec), id: job.value.id };
  await work({ ...lastRequest, ...more });
}

/** Whether a job failed because the browser grants too little room for its downloads. */
export function lacksRoom({ phase, error }: Job): boolean {
  return phase === "failed" && (error ?? "").startsWith("QuotaError");
}

/** Stops the run; what is finished is kept. */
export async function stopJob(): Promise<void> {
  await hold({ phase: "cancelled" });
}
