import { predictionFor } from "../../choices.ts";
import { numberText, percentText, withMinus } from "../../format.ts";
import { ConditionName } from "../../parts/mark.tsx";
import { RunTag } from "../../parts/source-tag.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { StepLink } from "../../parts/step-link.tsx";
import { prediction } from "../../state.ts";
import { t } from "../../strings.ts";
import { checkPrediction, type PredictionCheck } from "./check-prediction.ts";

const signed = (tau: number): string => withMinus(numberText(tau, 2));

const toldText = ({ pairs, told, toldRight }: PredictionCheck, n: number): string => {
  if (told === pairs) return t("result.predicted.told-all");
  const values = { told: numberText(told), toldRight: numberText(toldRight), n: numberText(n) };
  return t(told === 0 ? "result.predicted.told-none" : "result.predicted.told", values);
};

const Order = ({
  title,
  ids,
  mean,
}: {
  readonly title: "yours" | "measured";
  readonly ids: readonly string[];
  readonly mean?: (id: string) => number;
}) => (
  <div>
    <h3 id={`result-order-${title}`}>{t(`result.predicted.${title}`)}</h3>
    <ol aria-labelledby={`result-order-${title}`} data-order={title}>
      {ids.map((id) => (
        <li key={id} data-id={id}>
          <ConditionName id={id} />
          {mean && <span class="quiet"> {t("result.predicted.mean", { mean: percentText(mean(id)) })}</span>}
        </li>
      ))}
    </ol>
  </div>
);

const Revealed = ({ view, check }: { readonly view: RunView; readonly check: PredictionCheck }) => {
  const { conditions } = view.results;
  const mean = (id: string): number => conditions.find((result) => result.id === id)!.mean;
  const values = { tau: signed(check.tau), pairs: numberText(check.pairs), right: numberText(check.right) };
  return (
    <>
      <p data-tau={check.tau}>
        {t("result.predicted.tau", values)}
        {check.tied > 0 && t("result.predicted.tied", { tied: numberText(check.tied) })}
      </p>
      <p>{toldText(check, conditions[0]?.n ?? 0)}</p>
      <div class="result-orders">
        <Order title="yours" ids={check.predicted} />
        <Order title="measured" ids={check.measured} mean={mean} />
      </div>
      <p>{t("result.predicted.ask")}</p>
    </>
  );
};

/** The student's order beside the measured one; what was said after the result was seen does not count. */
export const Predicted = ({ view }: { readonly view: RunView }) => {
  const given = predictionFor(view.source.id, prediction.value);
  const check = given && checkPrediction(given, view.results.conditions);
  return (
    <section class="result-predicted">
      <h2>
        {t("result.predicted")} <RunTag view={view} />
      </h2>
      {given === null && (
        <p>
          {t("result.predicted.none")} <StepLink to="sources" />.
        </p>
      )}
      {given !== null && check === null && <p>{t("result.predicted.few")}</p>}
      {check && <Revealed view={view} check={check} />}
    </section>
  );
};
