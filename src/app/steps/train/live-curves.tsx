import { useEffect } from "preact/hooks";
import { liveConditions, liveId, liveTraining, liveUnits } from "../../live-run.ts";
import { LiveTag } from "../../parts/which-run.tsx";
import { t } from "../../strings.ts";
import { goingCurve } from "./curves.ts";
import { LiveTraining } from "./live-training.tsx";
import { askForTrainings, liveTrainings, trainingsProblem } from "./live-trainings.ts";
import { Multiples } from "./multiples.tsx";

/** The trainings of the run that goes on: one epoch more each time that one is finished. */
export const LiveCurves = () => {
  const id = liveId.value;
  const finished = new Set(liveUnits.value.filter((unit) => unit.startsWith("train/"))).size;
  useEffect(() => {
    if (id !== null) void askForTrainings(id);
  }, [id, finished]);
  const finishedCurves = liveTrainings.value?.id === id ? liveTrainings.value.curves : [];
  const training = liveTraining.value;
  const curve =
    training &&
    goingCurve(
      training.unit,
      training.epochs.map(({ log }) => log),
    );
  const isFinished = finishedCurves.some(({ condition, set }) => condition === curve?.condition && set === curve.set);
  const curves = curve && !isFinished ? [...finishedCurves, curve] : finishedCurves;
  return (
    <>
      <p role="status" data-finished={finishedCurves.length}>
        {t(curves.length > 0 ? "train.live" : "train.live.before")} <LiveTag />
      </p>
      {trainingsProblem.value !== null && <p class="problem">{trainingsProblem.value}</p>}
      {curves.length > 0 && <Multiples curves={curves} ids={liveConditions.value} tag={<LiveTag />} />}
      {training && curve && <LiveTraining training={training} curve={curve} />}
    </>
  );
};
