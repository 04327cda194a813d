import { t } from "../strings.ts";

/** ResultStep. */
export const ResultStep = () => <h1>{t("step.result")}</h1>;
