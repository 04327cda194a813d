import { beforeEach, expect, test, vi } from "vitest";
import type { RunOutcome, RunRequest } from "../../workers/lab-api.ts";
import { endOf, openPageWithLab, type Work } from "./page-with-lab.ts";

/** What the lab was asked to run, and what it then does. */
let requests: RunRequest[];
let run: Work;
let isBusy: Promise<boolean>;
const done: RunOutcome = { state: "done", id: "a", results: {} as never };

/** Stops when told to, with its state still open. */
const untilStopped: Work = async (_, signal) => {
  await endOf(signal);
  return { state: "stopped", id: "a", takenOver: false };
};

/** A page of its own. */
const openPage = async () => {
  const noted: Work = (request, signal) => {
    requests.push(request);
    return run(request, signal);
  };
  openPageWithLab({ run: noted, busy: () => isBusy, reading: () => Promise.resolve() });
  const [job, live, own, frozen, elsewhere] = await Promise.all([
    import("../../src/app/job.ts"),
    import("../../src/app/steps/make/live-work.ts"),
    import("../../src/app/own-target.ts"),
    import("../../src/app/frozen-tab.ts"),
    import("../../src/app/elsewhere.ts"),
  ]);
  return { ...job, ...live, ...own, ...frozen, ...elsewhere };
};
const asked = (count: number): Promise<void> => vi.waitFor(() => expect(requests).toHaveLength(count));

beforeEach(() => {
  [requests, run, isBusy] = [[], untilStopped, Promise.resolve(false)];
});

test("a job that goes on while its run is still ending waits for that end, and does not take it for its own", async () => {
  const { job, startJob, pauseJob, resumeJob } = await openPage();
  const first = startJob({ name: "x" });
  await asked(1);
  const pausing = pauseJob();
  const second = resumeJob();
  await Promise.all([first, pausing]);
  await asked(2);
  expect(job.value).toMatchObject({ phase: "queued", error: null });
  await pauseJob();
  await second;
  expect(job.value?.phase).toBe("paused");
});

test("a job that is stopped before the lab was asked again stays stopped", async () => {
  const { job, startJob, pauseJob, resumeJob, stopJob } = await openPage();
  const first = startJob({ name: "x" });
  await asked(1);
  const pausing = pauseJob();
  const second = resumeJob();
  await Promise.all([stopJob(), first, pausing, second]);
  expect(job.value?.phase).toBe("cancelled");
  expect(requests).toHaveLength(1);
});

test("a job whose run ended before it could be stopped is done when it goes on", async () => {
  const { job, startJob, pauseJob, resumeJob } = await openPage();
  run = async (_, signal) => {
    await endOf(signal);
    return done;
  };
  const first = startJob({ name: "x" });
  await asked(1);
  const pausing = pauseJob();
  await Promise.all([first, pausing, resumeJob()]);
  expect(job.value).toMatchObject({ phase: "done", id: "a" });
  expect(requests).toHaveLength(1);
});

test("a run that starts stops a drawing, and one that the lab has not begun with", async () => {
  const { drawing, startDrawing, startJob, stopJob } = await openPage();
  const request = { files: "" } as Parameters<typeof startDrawing>[0];
  const draw = startDrawing(request, "here");
  await new Promise((resolve) => setTimeout(resolve, 20));
  const going = startJob({ name: "x" });
  await draw;
  expect(drawing.value?.phase).toBe("stopped");
  await asked(1);
  await stopJob();
  await going;

  let answer = (_: boolean): void => undefined;
  isBusy = new Promise((resolve) => (answer = resolve));
  const late = startDrawing(request, "here");
  const again = startJob({ name: "x" });
  await asked(2);
  answer(false);
  await late;
  expect(drawing.value?.phase).toBe("stopped");
  await stopJob();
  await again;
});

test("a drawing that is stopped before the lab began with it does not begin", async () => {
  const { drawing, startDrawing, stopLive } = await openPage();
  let answer = (_: boolean): void => undefined;
  isBusy = new Promise((resolve) => (answer = resolve));
  const draw = startDrawing({ files: "" } as Parameters<typeof startDrawing>[0], "here");
  await stopLive(drawing, "here");
  answer(false);
  await draw;
  expect(drawing.value?.phase).toBe("stopped");
});

test("an unfinished run goes on as it was begun, a new one takes the chosen pictures", async () => {
  const { chosenTarget, goOnWith, startJob } = await openPage();
  run = () => Promise.resolve(done);
  chosenTarget.value = { hash: "f".repeat(64), name: "pets", classes: ["cat", "dog"] };
  await goOnWith({ name: "x", classes: 2 }, "a");
  await startJob({ name: "x", classes: 2 });
  expect(requests.map(({ target }) => target)).toEqual([undefined, "f".repeat(64)]);
});

test("unfinished runs of one name are told apart by their classes and the time of day", async () => {
  await openPage();
  const { unfinishedText } = await import("../../src/app/steps/start/unfinished.tsx");
  const text = (startedAt: string, classes?: 4 | "all" | string[]): string => {
    const spec = { name: "page-demo", ...(classes === undefined ? {} : { classes }) };
    return unfinishedText({ run: { id: "a", results: null, state: { startedAt } as never }, spec });
  };
  const [morning, noon] = ["2026-11-28T08:05:00", "2026-11-28T12:05:00"];
  expect(text(morning, 4)).toMatch(/^page-demo, 4 classes, begun .*8:05/);
  expect(text(morning, ["bird", "cat"])).toContain("2 classes");
  expect([text(morning), text(morning, "all")].every((one) => one.includes("all classes"))).toBe(true);
  expect(text(noon, 4)).not.toBe(text(morning, 4));
});

test("a run that goes on is asked for by its id, also after a pause, so that one that another tab finished is found", async () => {
  const { goOnWith, job, pauseJob, resumeJob } = await openPage();
  const first = goOnWith({ name: "x" }, "a");
  await asked(1);
  await pauseJob();
  await first;
  run = () => Promise.resolve(done);
  await resumeJob();
  expect(requests.map(({ goesOnWith }) => goesOnWith)).toEqual(["a", "a"]);
  expect(job.value).toMatchObject({ phase: "done", id: "a" });
});

test.each([
  ["train", "a"],
  ["start", "a"],
  ["make", "a"],
  ["result", "other"],
] as const)("a run that ends while one is at step %s leaves run %s on the steps", async (step, id) => {
  const { startJob, job } = await openPage();
  const { hash, shown } = await import("../../src/app/state.ts");
  const other = { source: { kind: "recorded", id: "other" } } as unknown as NonNullable<typeof shown.value>;
  [run, shown.value, hash.value] = [() => Promise.resolve(done), other, { ...hash.value, place: step }];
  await startJob({ name: "x" });
  expect(job.value).toMatchObject({ phase: "done", id: "a" });
  expect(shown.value.source.id).toBe(id);
});

test.each(["make", "train"] as const)(
  "at step %s a finished run that is preferred to the live one stays",
  async (step) => {
    const { startJob } = await openPage();
    const { hash, shown } = await import("../../src/app/state.ts");
    const { showLive } = await import("../../src/app/live-run.ts");
    const other = { source: { kind: "recorded", id: "other" } } as unknown as NonNullable<typeof shown.value>;
    [run, shown.value, hash.value] = [() => Promise.resolve(done), other, { ...hash.value, place: step }];
    showLive(false);
    await startJob({ name: "x" });
    expect(shown.value.source.id).toBe("other");
  },
);

test("a link that begins at a step which it leaves out opens on the first that it has", async () => {
  await openPage();
  const { hash, place } = await import("../../src/app/state.ts");
  hash.value = { ...hash.value, start: "target", hide: ["start", "target"] };
  expect(place.value).toBe("sources");
  hash.value = { ...hash.value, start: "why" };
  expect(place.value).toBe("why");
});

test("a run that waits for another tab says so until it is done", async () => {
  const { goOnWith, isBusyElsewhere, job } = await openPage();
  isBusy = Promise.resolve(true);
  let end = (_: RunOutcome): void => undefined;
  run = () => new Promise((resolve) => (end = resolve));
  const going = goOnWith({ name: "x" }, "a");
  await asked(1);
  await vi.waitFor(() => expect(isBusyElsewhere.value).toBe(true));
  expect(job.value?.phase).toBe("queued");
  end(done);
  await going;
  expect([job.value?.phase, isBusyElsewhere.value]).toEqual(["done", false]);
});

test("a run whose tab was frozen goes on when the tab does, but not where it was stopped by then", async () => {
  const { job, startJob, stopJob, suspendWhenFrozen } = await openPage();
  const page = new EventTarget();
  suspendWhenFrozen(page);
  const freezeAndWake = (): void => {
    for (const name of ["freeze", "resume"]) page.dispatchEvent(new Event(name));
  };
  void startJob({ name: "x" });
  await asked(1);
  freezeAndWake();
  await asked(2);
  freezeAndWake();
  await stopJob();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(job.value?.phase).toBe("cancelled");
  expect(requests).toHaveLength(2);
});
