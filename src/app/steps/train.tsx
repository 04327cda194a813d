import { t } from "../strings.ts";

/** TrainStep. */
export const TrainStep = () => <h1>{t("step.train")}</h1>;
