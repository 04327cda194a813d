import { expect, test } from "vitest";
import { memoryFolder } from "../../src/experiment/run-folder.ts";
import { readUnitTimes, RunLog } from "../../src/experiment/run-log.ts";

const gauges = { now: () => 0, peakMemoryBytes: () => null };

test("half a line that a kill left is dropped when the log is opened again", async () => {
  const whole = `{"event":"stage-started"}\n`;
  const files = new Map([["events.jsonl", new TextEncoder().encode(`${whole}{"event":"unit-fin`)]]);
  const log = await RunLog.open(memoryFolder(files), "hash", gauges, () => undefined);
  await log.event({ event: "stage-finished", stage: "world" });
  const lines = new TextDecoder().decode(files.get("events.jsonl")).trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
    "stage-started",
    "stage-finished",
  ]);
});

test("half a line at the end, which another process may be writing, says nothing yet", async () => {
  const whole = `{"event":"unit-finished","stage":"produce","unit":"a/cat","reused":false,"elapsedMs":30}\n`;
  const files = new Map([["events.jsonl", new TextEncoder().encode(`${whole}{"event":"unit-fin`)]]);
  expect([...(await readUnitTimes(memoryFolder(files)))]).toEqual([["produce/a/cat", 30]]);
  files.set("events.jsonl", new TextEncoder().encode(whole.slice(0, -5)));
  expect((await readUnitTimes(memoryFolder(files))).size).toBe(0);
});

test("the time of a unit is that of its last making, in whichever start", async () => {
  const folder = memoryFolder();
  const made = { event: "unit-finished", stage: "produce", reused: false } as const;
  const first = await RunLog.open(folder, "hash", gauges, () => undefined);
  await first.event({ ...made, unit: "a/cat", elapsedMs: 30 });
  await first.event({ ...made, unit: "a/dog", elapsedMs: 20 });
  const second = await RunLog.open(folder, "hash", gauges, () => undefined);
  await second.event({ ...made, unit: "a/dog", elapsedMs: 25 });
  await second.event({ ...made, unit: "a/cat", reused: true });
  await second.event({ ...made, unit: "a/eel" });
  expect([...(await readUnitTimes(folder))]).toEqual([
    ["produce/a/cat", 30],
    ["produce/a/dog", 25],
  ]);
});

test("a folder without events has no times", async () => {
  expect((await readUnitTimes(memoryFolder())).size).toBe(0);
});
