import { afterEach, expect, test, vi } from "vitest";
import { runInBrowser } from "../../src/cli/browser-run.ts";
import { tinySpec } from "../experiment/tiny-world.ts";

const cancel = vi.fn(() => Promise.resolve());

// A page whose run stops when it is told to, or after a while.
vi.mock("../../src/cli/lab-page.ts", () => ({
  openLabPage: () =>
    Promise.resolve({
      ...{ device: { name: "a page" }, cancel, close: () => Promise.resolve() },
      run: async () => {
        for (let i = 0; i < 10 && cancel.mock.calls.length === 0; i++)
          await new Promise((resolve) => setTimeout(resolve, 10));
        return { state: "stopped", id: "a" };
      },
    }),
}));

afterEach(() => {
  cancel.mockClear();
  vi.restoreAllMocks();
});

const given = { out: undefined, world: undefined, models: undefined, adapter: undefined, json: false };

test.each([
  ["longer than timers wait does not stop", 40_000, 0],
  ["that is over stops", 1e-6, 1],
])("a time budget %s a page's run", async (_, minutes, stops) => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(await runInBrowser(tinySpec(), { ...given, "time-budget": minutes }, "rog")).toBe(75);
  expect(cancel).toHaveBeenCalledTimes(stops);
});
