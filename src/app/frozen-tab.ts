/** What a run does when the browser freezes its tab to save power or memory. */
import { isRunGoing, job, resumeJob, suspendJob } from "./job.ts";
import { t } from "./strings.ts";

/**
 * Suspends a run when its tab is frozen, so that it ends its unit cleanly and lets go of the device, and goes on with it when
 * the tab runs again, where nobody has paused or stopped it by then. Browsers without these events freeze no tab that holds a
 * lock or a worker at work.
 */
export function suspendWhenFrozen(page: EventTarget = document): void {
  let suspended: Promise<void> | null = null;
  page.addEventListener("freeze", () => {
    if (isRunGoing.value) suspended ??= suspendJob(t("job.frozen"));
  });
  page.addEventListener("resume", () => {
    const before = suspended;
    suspended = null;
    void before?.then(() => {
      if (job.value?.phase === "suspended") return resumeJob();
    });
  });
}
