import type { RunRequest } from "../../../../workers/lab-api.ts";
import { conditionLabel } from "../../condition-label.ts";
import { numberText } from "../../format.ts";
import { endTraining, isRunGoing } from "../../job.ts";
import type { JobTraining } from "../../job-state.ts";
import { liveSpec } from "../../live-run.ts";
import { Mark } from "../../parts/mark.tsx";
import { LiveTag } from "../../parts/which-run.tsx";
import type { Curve } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { Matrix } from "./matrix.tsx";
import { patienceText, type TrainingLimits } from "./patience.ts";

/** What ends a training, where the run's own settings say so. */
function limitsOf(spec: RunRequest["spec"] | null): TrainingLimits | null {
  const { stop, maxEpochs = Infinity } = spec?.train ?? {};
  return stop === undefined ? null : { stop, maxEpochs };
}

/** The classifier that is being trained: its last epoch, and whom it takes for whom by now. */
export const LiveTraining = ({ training, curve }: { readonly training: JobTraining; readonly curve: Curve }) => {
  const { log, classes, confusion } = training.epochs.at(-1)!;
  const count = confusion.flat().reduce((sum, one) => sum + one, 0);
  const caption = t("train.live.matrix", { count: numberText(count), epoch: numberText(log.epoch) });
  return (
    <section data-training={training.unit} data-epoch={log.epoch}>
      <h2>
        <Mark id={curve.condition} />{" "}
        {t("train.live.now", { name: conditionLabel(curve.condition), set: numberText(curve.set + 1) })} <LiveTag />
      </h2>
      <p>{patienceText(curve, limitsOf(liveSpec.value))}</p>
      {isRunGoing.value && (
        <p class="buttons">
          <button type="button" aria-describedby="skip-what" onClick={() => void endTraining(training.unit)}>
            {t("train.live.skip")}
          </button>
          <span class="quiet" id="skip-what">
            {t("train.live.skip.what")}
          </span>
        </p>
      )}
      <p class="quiet" aria-hidden="true">
        {caption}
      </p>
      <Matrix {...{ caption, classes }} matrix={confusion} />
    </section>
  );
};
