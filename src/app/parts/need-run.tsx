import type { ComponentChildren } from "preact";
import type { RunView } from "../runs/run-view.ts";
import { shown, shownProblem } from "../state.ts";
import { t } from "../strings.ts";

/** Shows what a step says of a run, once there is one. */
export const NeedRun = ({ children }: { readonly children: (view: RunView) => ComponentChildren }) => {
  if (shownProblem.value !== null) return <p class="problem">{t("no-run", { reason: shownProblem.value })}</p>;
  if (shown.value === null) return <p class="quiet">{t("loading")}</p>;
  return <>{children(shown.value)}</>;
};
