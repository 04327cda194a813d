import { t } from "../strings.ts";

/** About. */
export const About = () => <h1>{t("step.about")}</h1>;
