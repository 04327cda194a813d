/** The page's state in Node: its engine is a real `LabWork` over a message channel, with what it works at left to the test. */
import { expose } from "comlink";
import { vi } from "vitest";
import type { LabApi, RunOutcome, RunRequest } from "../../workers/lab-api.ts";
import { LabWork } from "../../workers/lab-work.ts";

/** What a run does until it ends or is stopped. */
export type Work = (request: RunRequest, signal: AbortSignal) => Promise<RunOutcome>;

/** What the test decides of the lab. */
export interface LabParts {
  readonly run: Work;
  /** Whether another tab has the GPU's turn. */
  readonly busy: () => Promise<boolean>;
  /** Resolves when a kept run's files are read. */
  readonly reading: (id: string) => Promise<void>;
}

const utf8 = new TextEncoder();

/** Of every finished run. */
const keptFiles = {
  "results.json": { classes: ["Red", "Green"] },
  "gallery.json": { sets: [{ id: "target", classes: [{ key: "red" }, { key: "green" }] }] },
};

/** Lets the modules that are imported from now on find a lab. @returns the end of its worker that the page has */
export function openPageWithLab({ run, busy, reading }: LabParts): MessagePort {
  const going = new LabWork();
  const stopped: RunOutcome = { state: "stopped", id: null, takenOver: false };
  const lab = {
    run: async (request: RunRequest): Promise<RunOutcome> => {
      going.requireIdle();
      return (await going.withoutTurn((signal) => run(request, signal))) ?? stopped;
    },
    redraw: async (): Promise<null> => {
      going.requireIdle();
      await going.withoutTurn(endOf);
      return null;
    },
    cancel: () => going.cancel(),
    release: () => Promise.resolve(),
    busyElsewhere: busy,
    results: () => Promise.resolve([]),
    files: async (id: string) => {
      await reading(id);
      return new Map(Object.entries(keptFiles).map(([path, file]) => [path, utf8.encode(JSON.stringify(file))]));
    },
    checkDevice: () => Promise.resolve({ kind: "none", reason: "" }),
    keepsRuns: () => Promise.resolve(true),
  } satisfies Partial<Record<keyof LabApi, unknown>>;
  const { port1, port2 } = new MessageChannel();
  expose(lab, port1);
  port2.start();
  // A constructor that returns an object makes that one.
  vi.stubGlobal("Worker", function Worker() {
    return port2;
  });
  vi.stubGlobal("location", new URL("http://localhost/"));
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.resetModules();
  return port2;
}

/** Resolves a moment after it is told to stop, as a unit's present step does. */
export function endOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => setTimeout(resolve, 20));
  });
}
