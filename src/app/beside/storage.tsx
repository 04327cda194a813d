import { t } from "../strings.ts";

/** Storage. */
export const Storage = () => <h1>{t("step.storage")}</h1>;
