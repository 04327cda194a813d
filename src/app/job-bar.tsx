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

/** The run that is going on, at the bottom of every place. */
export const JobBar = () => {
  const now = job.value;
  if (now === null) return null;
  const last = now.stages.at(-1);
  const isGoing = isRunGoing.value;
  const canGoOn = ["paused", "cancelled", "failed"].includes(now.phase);
  return (
    <section class="job" aria-label={t("job.running")} data-phase={now.phase}>
      <div class="job-words">
        <strong>{t(`job.${now.phase}`)}</strong> <span>{progressText(now)}</span>{" "}
        <span class="quiet">{isGoing ? waitText(now) : canGoOn ? t("job.kept") : null}</span>
        {isOffered(now) && <span>{offerText(now)}</span>}
      </div>
      {last && now.phase !== "done" && (
        <progress max={Math.max(1, last.total)} value={last.done} aria-label={progressText(now)}>
          {progressText(now)}
        </progress>
      )}
      {now.phase === "queued" && isBusyElsewhere.value && <BusyElsewhere />}
      {now.error !== null && <Failure error={now.error} key={now.error} />}
      <div class="buttons">
        {isGoing && (
          <>
            <button type="button" onClick={() => void pauseJob()}>
              {t("job.pause")}
            </button>
            <button type="button" onClick={() => void stopJob()}>
              {t("job.stop")}
            </button>
          </>
        )}
        {canGoOn && (
          <button type="button" onClick={() => void resumeJob()}>
            {t("job.resume")}
          </button>
        )}
        {isOffered(now) && (
          <button type="button" class="primary" onClick={() => void showKept(now.id!)}>
            {t("job.show")}
          </button>
        )}
        {lacksRoom(now) && (
          <button type="button" onClick={() => void resumeJob({ inMemory: true })}>
            {t("job.memory")}
          </button>
        )}
        {!isGoing && (
          <button type="button" class="quiet" onClick={() => (job.value = null)}>
            {t("job.dismiss")}
          </button>
        )}
      </div>
      <Announcement
        phase={now.phase}
        text={`${t(`job.${now.phase}`)}. ${isOffered(now) ? offerText(now) : progressText(now)}`}
      />
    </section>
  );
};
