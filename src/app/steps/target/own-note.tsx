import { targetOfRuns } from "../../job.ts";
import { StepLink } from "../../parts/step-link.tsx";
import { t } from "../../strings.ts";

/** Says before a run that it is on one's own pictures, where it is. */
export const OwnNote = () =>
  targetOfRuns.value === null ? null : (
    <p role="note">
      {t("own.chosen", { name: targetOfRuns.value.name })} <StepLink to="target">{t("own.choose")}</StepLink>
    </p>
  );
