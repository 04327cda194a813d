import { takeOver } from "../elsewhere.ts";
import { t } from "../strings.ts";

/** Says that another tab has the GPU, and offers to take it over. */
export const BusyElsewhere = () => (
  <div class="problem" role="alert">
    <p>{t("elsewhere.busy")}</p>
    <button type="button" onClick={() => void takeOver()}>
      {t("elsewhere.take-over")}
    </button>
  </div>
);
