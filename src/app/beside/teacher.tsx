import { t } from "../strings.ts";

/** Teacher. */
export const Teacher = () => <h1>{t("step.teacher")}</h1>;
