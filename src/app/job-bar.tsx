import { useEffect, useState } from "preact/hooks";
import { stageNames } from "../experiment/stage-names.ts";
import { durationText, numberText } from "./format.ts";
import { isRunGoing, job, lacksRoom, pauseJob, resumeJob, stageRemaining, stopJob } from "./job.ts";
import type { Job } from "./job-state.ts";
import { t } from "./strings.ts";

/** What the live region says: no more than every so often. */
const announceEveryMs = 15_000;

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

const Announcement = ({ text }: { readonly text: string }) => {
  const [said, say] = useState({ text: "", at: 0 });
  useEffect(() => {
    if (Date.now() - said.at > announceEveryMs && text !== said.text) say({ text, at: Date.now() });
  });
  return (
    <p class="for-ears" aria-live="polite">
      {said.text}
    </p>
  );
};

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
      </div>
      {last && now.phase !== "done" && (
        <progress max={Math.max(1, last.total)} value={last.done} aria-label={progressText(now)}>
          {progressText(now)}
        </progress>
      )}
      {now.error !== null && (
        <p class="problem" role="alert">
          {now.error}{" "}
          <button type="button" class="quiet" onClick={() => void navigator.clipboard.writeText(now.error ?? "")}>
            {t("job.copy")}
          </button>
        </p>
      )}
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
      <Announcement text={`${t(`job.${now.phase}`)}. ${progressText(now)}`} />
    </section>
  );
};
