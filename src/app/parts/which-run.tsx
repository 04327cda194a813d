import "./which-run.css";
import { hasLiveRun, liveId, showLive, showsLive } from "../live-run.ts";
import { shown } from "../state.ts";
import { t } from "../strings.ts";
import { RunTag, SourceTag } from "./source-tag.tsx";

/** The tag of the run that is not finished. */
export const LiveTag = () => <SourceTag kind="live" {...(liveId.value === null ? {} : { title: liveId.value })} />;

/** A choice between the run that is going on and a finished one; nothing where there is no choice. */
export const WhichRun = () => {
  if (!hasLiveRun.value || shown.value === null) return null;
  return (
    <fieldset class="which-run">
      <legend class="for-ears">{t("which-run")}</legend>
      <label>
        <input type="radio" name="which-run" checked={showsLive.value} onChange={() => showLive(true)} />{" "}
        {t("which-run.live")} <LiveTag />
      </label>
      <label>
        <input type="radio" name="which-run" checked={!showsLive.value} onChange={() => showLive(false)} />{" "}
        {t("which-run.shown")} <RunTag view={shown.value} />
      </label>
    </fieldset>
  );
};
