import { t } from "../strings.ts";

/** Credits. */
export const Credits = () => <h1>{t("step.credits")}</h1>;
