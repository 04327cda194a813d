import { expect, test } from "vitest";
import { isNews, waitMs } from "../../src/app/announcement.tsx";

test("another phase is told at once, the same one when fifteen seconds are over", () => {
  const said = { phase: "running", text: "1 of 4", at: 10_000 };
  expect(waitMs(said, "paused", 10_001)).toBe(0);
  expect(waitMs(said, "running", 14_000)).toBe(11_000);
  expect(waitMs(said, "running", 60_000)).toBe(0);
});

test("what is done is told once, whatever is done with it then", () => {
  const said = { phase: "done", text: "Finished. “a” is finished.", at: 0 };
  expect(isNews({ ...said, phase: "running", text: "Running." }, "done", said.text)).toBe(true);
  expect(isNews(said, "done", "Finished. ")).toBe(false);
  expect(isNews(said, "queued", "Waiting.")).toBe(true);
  expect(isNews({ phase: "done", text: "", at: 0 }, "done", said.text)).toBe(true);
});
