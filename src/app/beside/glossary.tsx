import { t } from "../strings.ts";

/** GlossaryPage. */
export const GlossaryPage = () => <h1>{t("step.glossary")}</h1>;
