import { expect, test } from "vitest";
import { memoryFolder } from "../../src/experiment/run-folder.ts";
import { RunLog } from "../../src/experiment/run-log.ts";

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
