import { t } from "../strings.ts";

/** ReportStep. */
export const ReportStep = () => <h1>{t("step.report")}</h1>;
