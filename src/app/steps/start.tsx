import { t } from "../strings.ts";

/** StartStep. */
export const StartStep = () => <h1>{t("step.start")}</h1>;
