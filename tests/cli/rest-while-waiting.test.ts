import { expect, test } from "vitest";
import { restWhileWaiting } from "../../src/cli/rest-while-waiting.ts";

/** A device of which only the waiting is real: submitted work ends after so many milliseconds. */
const waitingFor = (milliseconds: number, end: "done" | Error = "done"): GPUDevice => {
  const wait = (): Promise<undefined> =>
    new Promise((resolve, reject) => {
      setTimeout(() => {
        if (end === "done") resolve(undefined);
        else reject(end);
      }, milliseconds);
    });
  const device = { queue: { onSubmittedWorkDone: wait }, createComputePipelineAsync: wait } as unknown as GPUDevice;
  restWhileWaiting(device);
  return device;
};

/** Turns of the event loop until a promise settles, asked for as Dawn does. */
const turnsUntil = async (settled: Promise<unknown>): Promise<number> => {
  let turns = 0;
  let isWaiting = true;
  const turn = (): void => {
    turns++;
    if (isWaiting) setImmediate(turn);
  };
  setImmediate(turn);
  await settled;
  isWaiting = false;
  return turns;
};

test("a wait of 200 ms turns the event loop fewer than 2,000 times, and a quarter as often as without rest", async () => {
  const device = waitingFor(200);
  const rested = await turnsUntil(device.queue.onSubmittedWorkDone());
  expect(rested).toBeLessThan(2000);
  expect(rested).toBeLessThan((await turnsUntil(new Promise((resolve) => setTimeout(resolve, 200)))) / 4);
});

test("many short waits do not pile up naps: a wait ends a tenth later at most", async () => {
  const device = waitingFor(2);
  for (let i = 0; i < 50; i++) await device.queue.onSubmittedWorkDone();
  const began = performance.now();
  for (let i = 0; i < 50; i++) await device.queue.onSubmittedWorkDone();
  expect((performance.now() - began) / 50).toBeLessThan(8);
});

test("a wait that fails fails as it would without rest", async () => {
  const device = waitingFor(2, new Error("lost"));
  await expect(device.queue.onSubmittedWorkDone()).rejects.toThrow("lost");
});
