/** The page without hands: `?automation=1` puts this on `globalThis.rog`. */
import type { KeptRun, RunRequest } from "../../workers/lab-api.ts";
import { endTraining, events, job, pauseJob, resumeJob, startJob, stopJob } from "./job.ts";
import type { Job } from "./job-state.ts";
import { device, gflops, lab, shown } from "./state.ts";

/** What a script may ask of the page. */
export interface Automation {
  readonly version: 1;
  /** Starts a run, or goes on with an unfinished one of the same spec; resolves when it has ended, one way or another. */
  run(spec: RunRequest["spec"]): Promise<Job | null>;
  pause(): Promise<void>;
  /** Goes on with the paused run; resolves when it has ended. */
  resume(): Promise<Job | null>;
  stop(): Promise<void>;
  /** Ends the training that goes on, as far as its epochs tell, after its present one. */
  skipTraining(): Promise<void>;
  /** Events from the given place in the list on. */
  events(from?: number): typeof events.value;
  /** The runs that this browser keeps. */
  results(): Promise<readonly KeptRun[]>;
  capabilities(): Promise<Readonly<Record<string, unknown>>>;
  /** The run that the page shows. */
  shown(): { readonly kind: string; readonly id: string } | null;
}

declare global {
  // A property of the global object is declared so.
  var rog: Automation | undefined;
}

/** Offers it where the address asks for it. */
export function offerAutomation(): void {
  if (new URLSearchParams(location.search).get("automation") !== "1") return;
  globalThis.rog = {
    version: 1,
    run: async (spec) => {
      await startJob(spec);
      return job.value;
    },
    pause: pauseJob,
    resume: async () => {
      await resumeJob();
      return job.value;
    },
    stop: stopJob,
    skipTraining: async () => {
      const training = job.value?.training;
      if (training) await endTraining(training.unit);
    },
    events: (from = 0) => events.value.slice(from),
    results: () => lab.results(),
    capabilities: async () => ({
      device: device.value.kind === "checking" ? await lab.checkDevice() : device.value,
      gflops: gflops.value,
      storage: await lab.storage(),
      secure: isSecureContext,
    }),
    shown: () => shown.value && { kind: shown.value.source.kind, id: shown.value.source.id },
  };
}
