import { useRef, useState } from "preact/hooks";
import { stageNames } from "../experiment/stage-names.ts";
import { Announcement } from "./announcement.tsx";
import { isBusyElsewhere } from "./elsewhere.ts";
import { durationText, numberText } from "./format.ts";
import { isRunGoing, job, pauseJob, resumeJob, stageRemaining, stopJob } from "./job.ts";
import { lacksRoom, type Job } from "./job-state.ts";
import { BusyElsewhere } from "./parts/busy-elsewhere.tsx";
import { showKept, shown } from "./state.ts";
import { t } from "./strings.ts";

function progressText({ stages: begun, phase }: Job): string {
  const last = begun.at(-1);
  // All of it is done then, whatever the last stage was.
  if (!last || phase === "done") return "";
  const [done, total] = [numberText(last.done), numberText(last.total)];
  const place = numberText(stageNames.indexOf(last.stage) + 1);
  const stages = numberText(stageNames.length);
  return t("job.progress", { stage: t(`stage.${last.stage}`), done, total, place, stages });
}

function remainingText(now: Job): string | null {
  const range = stageRemaining(now);
  return range && t("job.eta", { low: durationText(range.low), high: durationText(range.high) });
}

/** How long it still takes; what is waited for where that is not known, or nothing is done. */
function waitText(now: Job): string | null {
  return (now.phase === "suspended" ? null : remainingText(now)) ?? now.note;
}

/** What went wrong, to be read and copied. */
const Failure = ({ error }: { readonly error: string }) => {
  const words = useRef<HTMLSpanElement>(null);
  const [copied, setCopied] = useState<"no" | "yes" | "by-hand">("no");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(error);
      setCopied("yes");
    } catch {
      // Without permission, or where the page is not served securely: selected, for the reader's own copy key.
      if (words.current) getSelection()?.selectAllChildren(words.current);
      setCopied("by-hand");
    }
  };
  return (
    <p class="problem" role="alert">
      <span ref={words}>{error}</span>{" "}
      <button type="button" class="quiet" onClick={() => void copy()}>
        {t("job.copy")}
      </button>{" "}
      <span class="quiet">{copied !== "no" && t(`job.copied.${copied}`)}</span>
    </p>
  );
};

const offerText = ({ spec }: Job): string => t("job.offer", { name: spec.name ?? t("title") });

/** Whether a run is finished and the steps show another. */
const isOffered = ({ phase, id }: Job): boolean => phase === "done" && id !== null && shown.value?.source.id !== id;

/** For a button that becomes another one, which the second click of a double one is not meant for. */
const once =
  (act: () => void) =>
  ({ detail }: MouseEvent): void => {
    if (detail < 2) act();
  };

/** The run that is going on, at the bottom of every place. */
export const JobBar = () => {
  const last = useRef<HTMLButtonElement>(null);
  const now = job.value;
  if (now === null) return null;
  const stage = now.stages.at(-1);
  /** For a button that goes away with what it does: the focus stays in the bar. */
  const andStay = (act: () => void) => (): void => {
    last.current?.focus();
    act();
  };
  const isGoing = isRunGoing.value;
  const canGoOn = ["paused", "cancelled", "failed"].includes(now.phase);
  return (
    <section class="job" aria-label={t("job.running")} data-phase={now.phase}>
      <div class="job-words">
        <strong>{t(`job.${now.phase}`)}</strong> <span>{progressText(now)}</span>{" "}
        <span class="quiet">{isGoing ? waitText(now) : canGoOn && now.id !== null ? t("job.kept") : null}</span>
        {isOffered(now) && <span>{offerText(now)}</span>}
      </div>
      {stage && now.phase !== "done" && (
        <progress max={Math.max(1, stage.total)} value={stage.done} aria-label={progressText(now)}>
          {progressText(now)}
        </progress>
      )}
      {now.phase === "queued" && isBusyElsewhere.value && <BusyElsewhere />}
      {now.error !== null && <Failure error={now.error} key={now.error} />}
      <div class="buttons">
        {(isGoing || canGoOn) && (
          <button type="button" onClick={once(() => void (isGoing ? pauseJob() : resumeJob()))}>
            {t(isGoing ? "job.pause" : "job.resume")}
          </button>
        )}
        {isOffered(now) && (
          <button type="button" class="primary" onClick={andStay(() => void showKept(now.id!))}>
            {t("job.show")}
          </button>
        )}
        {lacksRoom(now) && (
          <button type="button" onClick={andStay(() => void resumeJob({ inMemory: true }))}>
            {t("job.memory")}
          </button>
        )}
        <button
          type="button"
          ref={last}
          class={isGoing ? "" : "quiet"}
          onClick={once(() => (isGoing ? void stopJob() : (job.value = null)))}
        >
          {t(isGoing ? "job.stop" : "job.dismiss")}
        </button>
      </div>
      <Announcement
        phase={now.phase}
        text={`${t(`job.${now.phase}`)}. ${isOffered(now) ? offerText(now) : progressText(now)}`}
      />
    </section>
  );
};
