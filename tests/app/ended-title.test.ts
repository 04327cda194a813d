import { computed, signal } from "@preact/signals";
import { expect, test } from "vitest";
import { endToTell, titleOf, unseenEnd, watchRunEnds } from "../../src/app/ended-title.ts";
import { freshJob, type Job, type JobPhase } from "../../src/app/job-state.ts";

test("the title tells of runs of more than a minute that were done or failed while the tab was hidden", () => {
  expect(endToTell("done", 60_001, true)).toBe("done");
  expect(endToTell("failed", 3_600_000, true)).toBe("failed");
  expect(endToTell("done", 60_000, true)).toBeNull();
  expect(endToTell("done", 3_600_000, false)).toBeNull();
  for (const phase of ["paused", "cancelled", null] as const) expect(endToTell(phase, 3_600_000, true)).toBeNull();
});

test("a title begins with the end that nobody has seen, and names the step", () => {
  expect(titleOf("Train", null)).toBe("Train · Retrieve or generate?");
  expect(titleOf("Train", "done")).toBe("✓ Finished: Train · Retrieve or generate?");
  expect(titleOf("Train", "failed")).toBe("✗ Failed: Train · Retrieve or generate?");
});

test("an end is told until the tab is seen again, or the next run starts", () => {
  const page = Object.assign(new EventTarget(), { hidden: false });
  const job = signal<Job | null>(null);
  const isGoing = computed(() => ["queued", "running", "suspended"].includes(job.value?.phase ?? "none"));
  let time = 0;
  watchRunEnds(job, isGoing, page, () => time);
  const go = (phase: JobPhase, minutes: number): void => {
    time += minutes * 60_000;
    job.value = { ...freshJob({ name: "run" }), phase };
  };
  const see = (isSeen: boolean): void => {
    page.hidden = !isSeen;
    page.dispatchEvent(new Event("visibilitychange"));
  };

  go("queued", 0);
  see(false);
  go("running", 1);
  // A change within a run starts no new time.
  go("suspended", 1);
  expect(unseenEnd.value).toBeNull();
  go("done", 1);
  expect(unseenEnd.value).toBe("done");
  see(true);
  expect(unseenEnd.value).toBeNull();

  go("queued", 5);
  go("failed", 2);
  // The tab is in sight.
  expect(unseenEnd.value).toBeNull();

  go("queued", 5);
  see(false);
  go("failed", 2);
  expect(unseenEnd.value).toBe("failed");
  go("queued", 1);
  expect(unseenEnd.value).toBeNull();
  go("paused", 9);
  expect(unseenEnd.value).toBeNull();
});
