import { expect, test } from "vitest";
import { waitMs } from "../../src/app/announcement.tsx";

test("another phase is told at once, the same one when fifteen seconds are over", () => {
  const said = { phase: "running", text: "1 of 4", at: 10_000 };
  expect(waitMs(said, "paused", 10_001)).toBe(0);
  expect(waitMs(said, "running", 14_000)).toBe(11_000);
  expect(waitMs(said, "running", 60_000)).toBe(0);
});
