import { useEffect } from "preact/hooks";
import { liveConditions, liveId, liveUnits } from "../../live-run.ts";
import { LiveTag } from "../../parts/which-run.tsx";
import { t } from "../../strings.ts";
import { askForTrainings, liveTrainings, trainingsProblem } from "./live-trainings.ts";
import { Multiples } from "./multiples.tsx";

/** The trainings of the run that goes on: one more each time that one is finished. */
export const LiveCurves = () => {
  const id = liveId.value;
  const finished = new Set(liveUnits.value.filter((unit) => unit.startsWith("train/"))).size;
  useEffect(() => {
    if (id !== null) void askForTrainings(id);
  }, [id, finished]);
  const curves = liveTrainings.value?.id === id ? liveTrainings.value.curves : [];
  return (
    <>
      <p role="status" data-finished={curves.length}>
        {t(curves.length > 0 ? "train.live" : "train.live.before")} <LiveTag />
      </p>
      {trainingsProblem.value !== null && <p class="problem">{trainingsProblem.value}</p>}
      {curves.length > 0 && <Multiples curves={curves} ids={liveConditions.value} tag={<LiveTag />} />}
      <p class="quiet">{t("train.live.matrix")}</p>
    </>
  );
};
