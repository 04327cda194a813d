import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { ConfigError } from "../../src/errors.ts";
import type { Results } from "../../src/experiment/record.ts";
import { storedRuns } from "../../src/experiment/stored-folder.ts";
import { memoryMedium } from "../../src/storage/medium.ts";
import { Store } from "../../src/storage/store.ts";
import { KeptTargets } from "../../workers/kept-targets.ts";
import type { LabEvent, RunRequest } from "../../workers/lab-api.ts";
import { LabDevice } from "../../workers/lab-device.ts";
import type { LabDownloads, RunInputs } from "../../workers/lab-downloads.ts";
import { LabRuns } from "../../workers/lab-runs.ts";
import { LabWork } from "../../workers/lab-work.ts";
import { Lab } from "../../workers/lab.ts";
import { tinyNetworks, tinySpec, tinyWorld } from "../experiment/tiny-world.ts";

const spec = tinySpec("conditions=[real-10, retrieval]", "sets.n=2", "train.maxEpochs=4", "train.stop=4");
const request: RunRequest = { spec, files: "" };

const runs = memoryMedium();
let work: LabWork;
let lab: LabRuns;

/** What a server would have. */
const inputs: Partial<RunInputs> = {
  networksKey: "tiny",
  world: () => Promise.resolve(tinyWorld()),
  networks: () => Promise.resolve(tinyNetworks()),
};

beforeEach(async () => {
  // A browser without locks: all turns are the lab's own.
  vi.stubGlobal("navigator", { userAgent: "test", hardwareConcurrency: 1 });
  for (const key of await runs.keys("runs")) await runs.remove(key);
  work = new LabWork();
  lab = new LabRuns(runs, {
    device: new LabDevice(() => Promise.resolve(new ReferenceBackend())),
    downloads: { open: () => Promise.resolve(inputs) } as unknown as LabDownloads,
    targets: new KeptTargets(runs),
    work,
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Runs to the end. @returns the results and how many epochs of each training were told of */
const finish = async (onEpoch: (unit: string, id: string) => void = () => undefined, asked = request) => {
  const epochs = new Map<string, number>();
  let id = "";
  const outcome = await lab.run(asked, (event: LabEvent) => {
    if (event.event === "run-opened") ({ id } = event);
    if (event.event !== "epoch") return;
    epochs.set(event.unit, (epochs.get(event.unit) ?? 0) + 1);
    onEpoch(event.unit, id);
  });
  return { outcome, epochs };
};

const resultsOf = ({ outcome }: Awaited<ReturnType<typeof finish>>): Results => {
  if (outcome.state !== "done") throw new Error(outcome.state);
  return outcome.results;
};

test("a training that is to end does so after the epoch, and the next one goes on as it would", async () => {
  const finished = await finish((unit, id) => {
    if (unit === "retrieval/set-0") lab.skipTraining(id, unit);
    // By then that one has ended.
    if (unit === "retrieval/set-1") lab.skipTraining(id, "retrieval/set-0");
  });
  expect(finished.epochs.get("retrieval/set-0")).toBe(1);
  expect(finished.epochs.get("retrieval/set-1")).toBe(4);
  expect(resultsOf(finished).deviations.join()).toMatch(/ended by hand, .*: retrieval\/set-0\./);
});

test("a wish for a training that is over, or not begun, ends none of that name later", async () => {
  const first = await finish((unit, id) => {
    lab.skipTraining(id, "retrieval/set-1");
    if (unit === "retrieval/set-1") lab.skipTraining(id, "real-10/set-0");
  });
  expect(new Set(first.epochs.values())).toEqual(new Set([1, 4]));
  expect(resultsOf(first).deviations.join()).toMatch(/ended by hand, .*: retrieval\/set-1\./);
  // The same run made again, as trials of checkpoints are: no wish is left.
  for (const key of await runs.keys("runs")) await runs.remove(key);
  expect(new Set((await finish()).epochs.values())).toEqual(new Set([4]));
});

test("what was told to stop is waited for, so that a run that is removed does not write itself anew", async () => {
  const settled: string[] = [];
  const going = work.withoutTurn(async (signal) => {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    await new Promise((resolve) => setTimeout(resolve, 20));
    settled.push("the run has written where it stands");
  });
  void work.cancel();
  await work.settle();
  settled.push("it is removed");
  await going;
  expect(settled).toEqual(["the run has written where it stands", "it is removed"]);
});

test("a training that is to end does so also where its run was stopped before it could", async () => {
  const stopped = await finish((unit, id) => {
    // After this epoch was asked about, and before the next one.
    void Promise.resolve().then(() => {
      lab.skipTraining(id, unit);
      void work.cancel();
    });
  });
  expect(stopped.outcome.state).toBe("stopped");
  const [unit] = [...stopped.epochs.keys()];
  expect([...stopped.epochs]).toEqual([[unit, 1]]);
  const resumed = await finish();
  expect(resumed.outcome.id).toBe(stopped.outcome.id);
  const others = [...resumed.epochs].filter(([name]) => name !== unit).map(([, count]) => count);
  expect(others).toEqual([4, 4, 4]);
  expect(resultsOf(resumed).deviations.join()).toContain(`: ${unit!}.`);
});

test("a run that was finished by the time of its turn is not made again", async () => {
  const made = await finish();
  const events: LabEvent[] = [];
  const again = await lab.run({ ...request, goesOnWith: made.outcome.id! }, (event) => events.push(event));
  expect(again).toEqual(JSON.parse(JSON.stringify(made.outcome)));
  expect(events).toEqual([]);
  expect(await storedRuns(runs)).toHaveLength(1);
});

test("a spec that asks its world for more classes than it has fails before a run of it is there", async () => {
  const opened: LabEvent[] = [];
  const asked = { ...request, spec: { ...spec, classes: 99 } };
  await expect(lab.run(asked, (event) => opened.push(event))).rejects.toThrow("classes: expected at most 4, got 99");
  expect(opened.filter(({ event }) => event === "run-opened")).toEqual([]);
  expect(await storedRuns(runs)).toEqual([]);
});

test("an unfinished run is not removed while another tab has the turn, a finished one is", async () => {
  const keyOf = (id: string): string => `runs/${id}/run.json`;
  for (const [id, state] of Object.entries({ open: "stopped", whole: "done" }))
    await runs.write(keyOf(id), new TextEncoder().encode(JSON.stringify({ state })));
  const page = new Lab({
    checkDevice: () => Promise.resolve({ kind: "none", reason: "test" }),
    openBackend: () => Promise.resolve(new ReferenceBackend()),
    ...{ store: new Store(memoryMedium()), runs },
  });
  let held = [{ name: "retrieve-or-generate gpu" }];
  vi.stubGlobal("navigator", { locks: { query: () => Promise.resolve({ held }) } });
  await page.remove("whole");
  await expect(page.remove("open")).rejects.toThrow(ConfigError);
  expect(await storedRuns(runs)).toEqual(["open"]);
  held = [];
  await page.remove("open");
  expect(await storedRuns(runs)).toEqual([]);
});
