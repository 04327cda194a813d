import { t } from "../strings.ts";

/** WhyStep. */
export const WhyStep = () => <h1>{t("step.why")}</h1>;
