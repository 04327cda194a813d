import { chosenTarget } from "../../own-target.ts";
import { hash, linkTo, steps } from "../../state.ts";
import { t } from "../../strings.ts";

/** Says before a run that it is on one's own pictures, where it is. */
export const OwnNote = () =>
  chosenTarget.value === null || hash.value.lock ? null : (
    <p role="note">
      {t("own.chosen", { name: chosenTarget.value.name })}{" "}
      {steps.value.includes("target") && <a href={linkTo("target")}>{t("own.choose")}</a>}
    </p>
  );
