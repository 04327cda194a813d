import { t } from "../strings.ts";

/** MakeStep. */
export const MakeStep = () => <h1>{t("step.make")}</h1>;
