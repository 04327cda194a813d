import { expect, test } from "vitest";
import { after, lacksRoom, type Job } from "../../src/app/job-state.ts";
import type { TrainingEpoch } from "../../src/experiment/stages.ts";

const job: Job = {
  ...{ phase: "running", spec: {}, id: "a", stages: [], unit: null, finished: [], training: null },
  ...{ note: null, error: null },
};
const epoch = (number: number): TrainingEpoch => ({
  log: { epoch: number, loss: 1 / number, rate: 0.1, validationAccuracy: 0.5 },
  classes: ["cat"],
  confusion: [[number]],
});
const told = (before: Job, unit: string, number: number): Job =>
  after(before, { event: "epoch", stage: "train", unit, ...epoch(number) });

test("a training's epochs are kept until the next training begins", () => {
  const two = told(told(job, "retrieval/set-0", 1), "retrieval/set-0", 2);
  expect(two.training).toEqual({ unit: "retrieval/set-0", epochs: [epoch(1), epoch(2)] });
  const finished = after(two, { event: "unit-finished", stage: "train", unit: "retrieval/set-0", reused: false });
  expect(finished.training).toBe(two.training);
  expect(told(finished, "retrieval/set-1", 1).training).toEqual({ unit: "retrieval/set-1", epochs: [epoch(1)] });
});

test("a training that is gone on with in the middle has the epochs before, whether or not they were told here", () => {
  const earlier = [epoch(1).log, epoch(2).log];
  const resumed = { event: "epoch", stage: "train", unit: "retrieval/set-0", ...epoch(3), earlier } as const;
  for (const before of [job, told(job, "retrieval/set-0", 1)]) {
    const { epochs } = after(before, resumed).training!;
    expect(epochs.map(({ log }) => log)).toEqual([...earlier, epoch(3).log]);
    expect(epochs.at(-1)).toEqual(epoch(3));
  }
});

test("a training that begins again after a lost device has each epoch once", () => {
  const two = told(told(job, "real-10/set-0", 1), "real-10/set-0", 2);
  const again = told(after(two, { event: "device-lost", reason: "gone", losses: 1 }), "real-10/set-0", 1);
  expect(again.phase).toBe("running");
  expect(again.training?.epochs).toEqual([epoch(1)]);
});

test("a stage that is finished has all of its units done, also those that no event told of", () => {
  const started = after(job, { event: "stage-started", stage: "analyze", units: 3 });
  expect(started.stages).toEqual([{ stage: "analyze", done: 0, total: 3, times: [] }]);
  expect(after(started, { event: "stage-finished", stage: "analyze" }).stages[0]!.done).toBe(3);
});

test("a job lacks room where its downloads do, not where its own files do", () => {
  const failed = (error: string): Job => ({ ...job, phase: "failed", error });
  for (const where of ["downloads", "store", "IndexedDB: shards/0a", "IndexedDB: values/0a", "IndexedDB: links/0a"])
    expect(lacksRoom(failed(`QuotaError: ${where}: needs 2 bytes, 1 are free`)), where).toBe(true);
  expect(lacksRoom(failed("QuotaError: IndexedDB: runs/a/metrics.jsonl: needs 2 bytes, 1 are free"))).toBe(false);
  expect(lacksRoom(failed("MissingError: downloads: gone"))).toBe(false);
  expect(lacksRoom({ ...failed("QuotaError: downloads: needs 2 bytes, 1 are free"), phase: "running" })).toBe(false);
});

test("a look at the test set, the audit's or a score's, changes nothing but that the job runs", () => {
  for (const stage of ["audit", "evaluate"] as const) {
    const look = { event: "test-read", stage, unit: "retrieval", images: 60 } as const;
    expect(after({ ...job, phase: "suspended" }, look)).toEqual(job);
  }
});
