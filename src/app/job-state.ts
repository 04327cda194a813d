/** What the page knows of a run, and how each event changes it. */
import type { LabEvent, RunRequest } from "../../workers/lab-api.ts";
import type { StageName } from "../experiment/stage-names.ts";
import type { TrainingEpoch } from "../experiment/stages.ts";

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

/** The training that goes on, or went on last. */
export interface JobTraining {
  /** Such as `retrieval/set-0`. */
  readonly unit: string;
  /** At least one. */
  readonly epochs: readonly TrainingEpoch[];
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
  /** Null until an epoch of this start is done. */
  readonly training: JobTraining | null;
  readonly note: string | null;
  /** What went wrong, with all that is known of it. */
  readonly error: string | null;
}

/** A job before its run was opened. */
export const freshJob = (spec: RunRequest["spec"]): Job => ({
  ...{ phase: "queued", spec, id: null, stages: [], unit: null, finished: [], training: null },
  ...{ note: null, error: null },
});

/** Names that say which value found no room: the check before the downloads, the store, and its folders in a medium. */
const downloadsLackRoom = /^QuotaError: (downloads|store|IndexedDB: (shards|values|links)\/)/;

/** Whether a job failed because the browser grants too little room for its downloads; a run's own files are another matter. */
export function lacksRoom({ phase, error }: Job): boolean {
  return phase === "failed" && downloadsLackRoom.test(error ?? "");
}

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
    case "unit-resumed":
      return { ...job, unit: event.unit };
    case "epoch":
      return { ...job, training: oneEpochMore(job.training, event) };
    case "note":
      return { ...job, note: event.text };
    case "stage-finished":
      // Some stages have parts that no event tells of.
      return {
        ...job,
        stages: job.stages.map((one) => (one.stage === event.stage ? { ...one, done: one.total } : one)),
      };
    case "test-read":
    case "class-excluded":
      return job;
  }
}

function oneEpochMore(
  before: JobTraining | null,
  { unit, log, classes, confusion, earlier }: TrainingEpoch & { readonly unit: string },
): JobTraining {
  // After a lost device a training may begin again; one that is gone on with in the middle tells what was before.
  const known = before?.unit === unit ? before.epochs.filter((one) => one.log.epoch < log.epoch) : [];
  const untold = (earlier ?? []).map((one) => ({ log: one, classes, confusion: [] }));
  return { unit, epochs: [...(earlier ? untold : known), { log, classes, confusion }] };
}

function oneMore(stage: StageProgress, elapsedMs: number | undefined): StageProgress {
  const times = elapsedMs === undefined ? stage.times : [...stage.times, elapsedMs / 1000];
  return { ...stage, done: stage.done + 1, times };
}
