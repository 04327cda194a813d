import { expect, test } from "vitest";
import { stopSignal } from "../../src/cli/interrupt.ts";
import { requireBudget } from "../../src/cli/run-flags.ts";
import { ConfigError } from "../../src/errors.ts";

const never = new AbortController().signal;

test("a time budget may be any number of minutes above zero", async () => {
  for (const minutes of [4.1, 1 / 3, 1e9]) expect(stopSignal(never, minutes).aborted).toBe(false);
  const short = stopSignal(never, 1e-9);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(short.aborted).toBe(true);
  for (const minutes of [0, -1, NaN])
    expect(() => {
      requireBudget({ "time-budget": minutes } as never);
    }).toThrow(ConfigError);
});

test("a wish to stop comes before the end of the budget", () => {
  const controller = new AbortController();
  const signal = stopSignal(controller.signal, 60);
  controller.abort();
  expect(signal.aborted).toBe(true);
  expect(stopSignal(controller.signal, undefined)).toBe(controller.signal);
});

test("a budget that is used up stops at once", async () => {
  const signal = stopSignal(never, -1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(signal.aborted).toBe(true);
});
