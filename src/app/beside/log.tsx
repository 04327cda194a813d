import { t } from "../strings.ts";

/** Log. */
export const Log = () => <h1>{t("step.log")}</h1>;
