import { beforeEach, expect, test, vi } from "vitest";
import { openPageWithLab } from "./page-with-lab.ts";

/** What ends the reading of each kept run that is asked for. */
let ends: Map<string, () => void>;
let worker: MessagePort;

beforeEach(() => {
  ends = new Map();
  worker = openPageWithLab({
    run: () => Promise.resolve({ state: "stopped", id: null, takenOver: false }),
    busy: () => Promise.resolve(false),
    reading: (id) => new Promise((resolve) => ends.set(id, resolve)),
  });
});

test.each([
  ["cannot be fetched", () => Promise.reject(new TypeError("no network"))],
  ["is no JSON", () => Promise.resolve(new Response("{", { headers: { "content-type": "application/json" } }))],
])("where the list of recorded runs %s, the page says so and is open", async (_, fetched) => {
  vi.stubGlobal("fetch", fetched);
  const { open, recorded, recordedProblem, shownProblem } = await import("../../src/app/state.ts");
  await open();
  expect(recorded.value).toEqual([]);
  expect(recordedProblem.value).not.toBeNull();
  expect(shownProblem.value).toContain(recordedProblem.value);
});

test("of two runs that are read at once, the one that was asked for last is shown", async () => {
  const { showKept, shown } = await import("../../src/app/state.ts");
  const first = showKept("first", "live");
  const second = showKept("second", "live");
  await vi.waitFor(() => expect([...ends.keys()]).toEqual(["first", "second"]));
  ends.get("second")!();
  await second;
  ends.get("first")!();
  await first;
  expect(shown.value?.source.id).toBe("second");
});

test("a run is shown at the class that was looked at, where it has it", async () => {
  const { chosenClass, showKept } = await import("../../src/app/state.ts");
  const show = async (classKey: string): Promise<number> => {
    const reading = showKept(classKey, "live", classKey);
    await vi.waitFor(() => expect(ends.has(classKey)).toBe(true));
    ends.get(classKey)!();
    await reading;
    return chosenClass.value;
  };
  chosenClass.value = 7;
  expect([await show("red"), await show("green"), await show("blue")]).toEqual([0, 1, 1]);
});

test("a lab whose script cannot be loaded is no device, and the page says why it shows nothing", async () => {
  const { device, shownProblem } = await import("../../src/app/state.ts");
  worker.dispatchEvent(new Event("error"));
  expect(device.value).toEqual({ kind: "none", reason: shownProblem.value });
  expect(shownProblem.value).toContain("could not be loaded");
});
