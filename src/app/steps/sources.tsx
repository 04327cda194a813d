import { t } from "../strings.ts";

/** SourcesStep. */
export const SourcesStep = () => <h1>{t("step.sources")}</h1>;
