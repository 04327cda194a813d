/** The document's title: where one is and, as long as nobody has seen it, that a long run has ended. */
import { effect, signal, type ReadonlySignal } from "@preact/signals";
import type { Job } from "./job-state.ts";
import { t } from "./strings.ts";

/** Who starts a run that is shorter waits for it. */
const longMs = 60_000;

/** How a run ended that nobody stopped. */
export type RunEnd = "done" | "failed";

/** How a long run ended while the tab was hidden; null once it is seen again. */
export const unseenEnd = signal<RunEnd | null>(null);

/** What the title tells of a run that no longer goes on; null where it tells nothing. */
export function endToTell(phase: Job["phase"] | null, tookMs: number, isHidden: boolean): RunEnd | null {
  if (!isHidden || tookMs <= longMs) return null;
  return phase === "done" || phase === "failed" ? phase : null;
}

/** The title. @param step its name @param end of a run that nobody has seen */
export function titleOf(step: string, end: RunEnd | null): string {
  const title = `${step} · ${t("title")}`;
  return end === null ? title : t(`title.${end}`, { title });
}

/** What of a page decides. */
type Watched = Pick<Document, "hidden" | "addEventListener">;

/**
 * Keeps `unseenEnd` for the runs of a page; their time is from their latest start on.
 *
 * @param isGoing whether the job goes on
 * @param now milliseconds
 */
export function watchRunEnds(
  job: ReadonlySignal<Job | null>,
  isGoing: ReadonlySignal<boolean>,
  page: Watched = document,
  now: () => number = Date.now,
): void {
  let startedAt: number | null = null;
  effect(() => {
    if (isGoing.value) {
      startedAt = now();
      unseenEnd.value = null;
    } else if (startedAt !== null) {
      unseenEnd.value = endToTell(job.peek()?.phase ?? null, now() - startedAt, page.hidden);
      startedAt = null;
    }
  });
  page.addEventListener("visibilitychange", () => {
    if (!page.hidden) unseenEnd.value = null;
  });
}
