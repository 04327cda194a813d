import { describe, expect, test } from "vitest";
import { durationText, showProgress } from "../../src/cli/progress.ts";
import type { RunEvent } from "../../src/experiment/stages.ts";

/** Events a number of seconds apart, and what was written. */
function told(isTerminal: boolean, events: readonly (readonly [seconds: number, RunEvent])[]): string {
  let seconds = 0;
  let text = "";
  const listener = showProgress({ isTerminal, write: (part) => (text += part), now: () => seconds * 1000 });
  for (const [at, event] of events) {
    seconds = at;
    listener(event);
  }
  return text;
}

const started: RunEvent = { event: "stage-started", stage: "train", units: 4 };
const unit = (name: string, reused = false): RunEvent => ({
  event: "unit-finished",
  stage: "train",
  unit: name,
  reused,
});
const ended: RunEvent = { event: "stage-finished", stage: "train" };

describe("on a terminal", () => {
  test("a stage is one line with a bar, the share and the time left", () => {
    const text = told(true, [
      [0, started],
      [60, unit("retrieval/set-0")],
      [70, { event: "progress", stage: "train", unit: "retrieval/set-1", share: 0.5 }],
    ]);
    const last = text.split("\r\x1b[K").at(-1);
    expect(last).toBe("train     █████████░░░░░░░░░░░░░░░  37 %  1 of 4  about 1 min 57 s left  retrieval/set-1");
    expect(text).not.toContain("\n");
  });

  test("units from an earlier start do not count for the speed", () => {
    const text = told(true, [
      [0, started],
      [0.2, unit("a", true)],
      [0.4, unit("b", true)],
      [60, unit("c")],
    ]);
    expect(text.split("\r\x1b[K").at(-1)).toMatch(/3 of 4 {2}about 1 min 0 s left/);
  });

  test("nor does the part of a unit that is gone on with in the middle", () => {
    const text = told(true, [
      [0, started],
      [0.2, { event: "unit-resumed", stage: "train", unit: "a", share: 0.9 }],
      [60, { event: "progress", stage: "train", unit: "a", share: 0.95 }],
      [120, unit("a")],
    ]);
    const lines = text.split("\r\x1b[K");
    expect(lines.at(-2)).toMatch(/0 of 4 {2}about 1 h 1 min left/);
    expect(lines.at(-1)).toMatch(/1 of 4 {2}about 1 h 0 min left/);
  });

  test("the line ends when the stage does", () => {
    const text = told(true, [
      [0, started],
      [1, unit("a", true)],
      [5, ended],
    ]);
    expect(text.endsWith("train     done in 5 s, 1 of 4 from before\n")).toBe(true);
  });
});

describe("elsewhere", () => {
  test("lines are plain and half a minute apart", () => {
    const events = Array.from({ length: 100 }, (_, i): [number, RunEvent] => [
      i,
      { event: "progress", stage: "train", unit: "real-10/set-0", share: i / 100 },
    ]);
    const text = told(false, [[0, started], ...events, [100, ended]]);
    expect(text).not.toMatch(/[\r\x1b█]/);
    expect(text.trim().split("\n").length).toBe(5);
  });

  test("a class that is left out is said at once", () => {
    const reason = "retrieval found 3 of 4 images";
    expect(told(false, [[0, { event: "class-excluded", stage: "produce", unit: "cat", reason }]])).toBe(
      `left out everywhere: cat (${reason})\n`,
    );
  });
});

test.each([
  [4.6, "5 s"],
  [200, "3 min 20 s"],
  [7500, "2 h 5 min"],
])("%d seconds read %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});
