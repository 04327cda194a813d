import { t } from "../strings.ts";

/** SettingsPage. */
export const SettingsPage = () => <h1>{t("step.settings")}</h1>;
