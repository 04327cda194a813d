import { chosenTarget } from "../../own-target.ts";
import { StepLink } from "../../parts/step-link.tsx";
import { hash } from "../../state.ts";
import { t } from "../../strings.ts";

/** Says before a run that it is on one's own pictures, where it is. */
export const OwnNote = () =>
  chosenTarget.value === null || hash.value.lock ? null : (
    <p role="note">
      {t("own.chosen", { name: chosenTarget.value.name })} <StepLink to="target">{t("own.choose")}</StepLink>
    </p>
  );
