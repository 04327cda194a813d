/** The run that this page has going, from its click to its end. */
import { computed, signal } from "@preact/signals";
import { proxy } from "comlink";
import type { LabEvent, RunRequest } from "../../workers/lab-api.ts";
import type { StageName } from "../experiment/stages.ts";
import { remainingRange } from "./eta.ts";
import { chosenTarget, onTarget } from "./own-target.ts";
import { pageAddress } from "./runs/recorded.ts";
import { hash, lab, refreshKept, showKept } from "./state.ts";

/** Where a job stands. `suspended`: the device was lost, or another tab has it, and it goes on by itself. */
export type JobPhase = "queued" | "running" | "paused" | "suspended" | "done" | "cancelled" | "failed";

/** A stage's progress, in finished units. */
export interface StageProgress {
  readonly stage: StageName;
  readonly done: number;
  readonly total: number;
  /** Seconds of units that were made in this start. */
  readonly times: readonly number[];
}

/** What the page knows of its run. */
export interface Job {
  readonly phase: JobPhase;
  readonly spec: RunRequest["spec"];
  /** Null until the lab has opened it. */
  readonly id: string | null;
  /** In order; the last is the one that goes on. */
  readonly stages: readonly StageProgress[];
  /** The unit that is being made. */
  readonly unit: string | null;
  /** Finished units, such as `produce/retrieval/bird`. */
  readonly finished: readonly string[];
  readonly note: string | null;
  /** What went wrong, with all that is known of it. */
  readonly error: string | null;
}

/** The job; null before the first. */
export const job = signal<Job | null>(null);

/** Phases in which a job has the device, or waits for it. */
const going: readonly JobPhase[] = ["queued", "running", "suspended"];

/** Whether the job goes on, so that nothing else can start. */
export const isRunGoing = computed(() => job.value !== null && going.includes(job.value.phase));

/** Every event of the page's runs with its time, the oldest first. */
export const events = signal<readonly { readonly t: string; readonly event: LabEvent }[]>([]);

const mostEvents = 5000;

const fresh = (spec: RunRequest["spec"]): Job => ({
  ...{ phase: "queued", spec, id: null, stages: [], unit: null, finished: [], note: null, error: null },
});

/** A job after an event. */
export function after(before: Job, event: LabEvent): Job {
  const job: Job = before.phase === "queued" || before.phase === "suspended" ? { ...before, phase: "running" } : before;
  switch (event.event) {
    case "run-opened":
      return { ...job, id: event.id };
    case "device-lost":
      return { ...job, phase: "suspended", note: event.reason };
    case "stage-started":
      // After a lost device the stages begin again.
      return {
        ...job,
        stages: [
          ...job.stages.filter(({ stage }) => stage !== event.stage),
          { stage: event.stage, done: 0, total: event.units, times: [] },
        ],
      };
    case "unit-finished": {
      const stages = job.stages.map((stage) => (stage.stage === event.stage ? oneMore(stage, event.elapsedMs) : stage));
      return { ...job, stages, unit: null, note: null, finished: [...job.finished, `${event.stage}/${event.unit}`] };
    }
    case "progress":
      return { ...job, unit: event.unit };
    case "note":
      return { ...job, note: event.text };
    case "stage-finished":
    case "test-read":
    case "class-excluded":
      return job;
  }
}

function oneMore(stage: StageProgress, elapsedMs: number | undefined): StageProgress {
  const times = elapsedMs === undefined ? stage.times : [...stage.times, elapsedMs / 1000];
  return { ...stage, done: stage.done + 1, times };
}

/** How long the present stage still takes, in seconds; null before there is anything to say. */
export function stageRemaining({ stages }: Job): { readonly low: number; readonly high: number } | null {
  const last = stages.at(-1);
  return last ? remainingRange(last.times, last.total - last.done) : null;
}

/** Starts a run, or goes on with an unfinished one of the same spec. */
export async function startJob(spec: RunRequest["spec"], more: Partial<RunRequest> = {}): Promise<void> {
  if (isRunGoing.value) return;
  job.value = fresh(spec);
  await work(onTarget({ spec, files: pageAddress(), ...more }, hash.value.lock ? null : chosenTarget.value));
}

let lastRequest: RunRequest | null = null;

async function work(request: RunRequest): Promise<void> {
  lastRequest = request;
  const update = (change: (job: Job) => Job): void => {
    if (job.value) job.value = change(job.value);
  };
  const onEvent = (event: LabEvent): void => {
    if (event.event !== "progress") keepEvent(event);
    update((now) => (now.phase === "paused" || now.phase === "cancelled" ? now : after(now, event)));
  };
  try {
    const outcome = await lab.run(request, proxy(onEvent));
    if (outcome.state === "stopped") {
      update((now) => (now.phase === "paused" ? now : { ...now, phase: "cancelled" }));
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

/** Stops the run after the unit's present step and frees the device; `resumeJob` goes on. */
export async function pauseJob(): Promise<void> {
  if (!job.value) return;
  job.value = { ...job.value, phase: "paused" };
  await lab.cancel();
  await lab.release();
}

/** Goes on with a job that was paused, stopped or failed; what is finished is found again. @param more changes of the request */
export async function resumeJob(more: Partial<RunRequest> = {}): Promise<void> {
  if (!job.value || !lastRequest) return;
  job.value = { ...fresh(job.value.spec), id: job.value.id };
  await work({ ...lastRequest, ...more });
}

/** Whether a job failed because the browser grants too little room for its downloads. */
export function lacksRoom({ phase, error }: Job): boolean {
  return phase === "failed" && (error ?? "").startsWith("QuotaError");
}

/** Stops the run; what is finished is kept. */
export async function stopJob(): Promise<void> {
  if (!job.value) return;
  job.value = { ...job.value, phase: "cancelled" };
  await lab.cancel();
}
