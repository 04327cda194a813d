import { t } from "../strings.ts";

/** Runs. */
export const Runs = () => <h1>{t("step.runs")}</h1>;
