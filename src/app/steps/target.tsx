import { t } from "../strings.ts";

/** TargetStep. */
export const TargetStep = () => <h1>{t("step.target")}</h1>;
