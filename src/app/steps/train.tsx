import { hasSeenResult } from "../choices.ts";
import { numberText } from "../format.ts";
import { liveId, showsLive } from "../live-run.ts";
import { NeedRun } from "../parts/need-run.tsx";
import { RunTag } from "../parts/source-tag.tsx";
import { WhichRun } from "../parts/which-run.tsx";
import type { RunView } from "../runs/run-view.ts";
import { StepLink } from "../parts/step-link.tsx";
import { prediction } from "../state.ts";
import { t } from "../strings.ts";
import "./train.css";
import { Confusion } from "./train/confusion.tsx";
import { LiveCurves } from "./train/live-curves.tsx";
import { Multiples } from "./train/multiples.tsx";

/** When a training ends, in the numbers of the run's own spec. */
const Rule = ({ view }: { readonly view: RunView }) => {
  const { train } = view.results.spec as { readonly train?: { readonly stop?: unknown; readonly maxEpochs?: unknown } };
  if (typeof train?.stop !== "number" || typeof train.maxEpochs !== "number") return null;
  return <p>{t("train.rule", { stop: numberText(train.stop), most: numberText(train.maxEpochs) })}</p>;
};

/** Validation accuracy is not the result but hints at it, so a prediction had better come first. */
const PredictFirst = ({ runId }: { readonly runId: string }) =>
  prediction.value !== null || hasSeenResult(runId) ? null : (
    <p class="problem" role="note">
      {t("train.predict-first")} <StepLink to="sources" />
    </p>
  );

const Finished = ({ view }: { readonly view: RunView }) => (
  <>
    <PredictFirst runId={view.source.id} />
    <Rule view={view} />
    {view.curves.length === 0 ? (
      <p class="quiet">
        {t("train.no-curves")} <RunTag view={view} />
      </p>
    ) : (
      <Multiples curves={view.curves} ids={view.results.conditions.map(({ id }) => id)} tag={<RunTag view={view} />} />
    )}
    <Confusion view={view} />
  </>
);

/** How the classifiers of each condition learned, and whom they take for whom. */
export const TrainStep = () => (
  <>
    <h1>{t("train.question")}</h1>
    <p class="lead">{t("train.lead")}</p>
    <WhichRun />
    {showsLive.value && liveId.value !== null && <PredictFirst runId={liveId.value} />}
    {showsLive.value ? <LiveCurves /> : <NeedRun>{(view) => <Finished view={view} />}</NeedRun>}
  </>
);
