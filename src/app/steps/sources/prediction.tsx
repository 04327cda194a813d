import { hasSeenResult, predictionFor } from "../../choices.ts";
import { conditionLabel } from "../../condition-label.ts";
import type { RunView } from "../../runs/run-view.ts";
import { StepLink } from "../../parts/step-link.tsx";
import { prediction } from "../../state.ts";
import { t } from "../../strings.ts";
import { OrderList } from "./order-list.tsx";
import { draft, isKept, moved, orderable, startOrder } from "./order.ts";

const ResultLink = () => <StepLink to="result" />;

/** What has become of the prediction, below its button. */
const Kept = ({ order }: { readonly order: readonly string[] }) => {
  const predicted = prediction.value?.some((id) => order.includes(id)) ?? false;
  const kept = isKept(order, prediction.value);
  return (
    <div role="status" data-kept={kept}>
      {kept && (
        <p class="kept">
          <span aria-hidden="true">✓</span> {t("sources.predict.kept")} <ResultLink />.{" "}
          {t("sources.predict.kept.until")}
        </p>
      )}
      {predicted && !kept && <p>{t("sources.predict.changed")}</p>}
    </div>
  );
};

const Open = ({ view, ids }: { readonly view: RunView; readonly ids: readonly string[] }) => {
  const runId = view.source.id;
  const order = draft.value?.runId === runId ? draft.value.order : startOrder(ids, prediction.value);
  return (
    <>
      <p>{t("sources.predict.lead")}</p>
      <OrderList order={order} move={(from, to) => (draft.value = { runId, order: moved(order, from, to) })} />
      <p>
        <button type="button" class="primary" onClick={() => (prediction.value = order)}>
          {t("sources.predict.keep")}
        </button>
      </p>
      <Kept order={order} />
      <p class="quiet">
        {t("sources.predict.which", { real: conditionLabel("real-10"), more: conditionLabel("real-20") })}
      </p>
    </>
  );
};

const Closed = ({ view, ids }: { readonly view: RunView; readonly ids: readonly string[] }) => {
  const predicted = (predictionFor(view.source.id, prediction.value) ?? []).filter((id) => ids.includes(id));
  if (predicted.length === 0) return <p>{t("sources.predict.late")}</p>;
  return (
    <>
      <p>{t("sources.predict.seen")}</p>
      <OrderList order={predicted} move={null} />
    </>
  );
};

/** The student's order of the shown run's conditions: to be made until its result was seen, and fixed from then on. */
export const PredictionOrder = ({ view }: { readonly view: RunView }) => {
  const ids = orderable(view.results.conditions);
  const Part = hasSeenResult(view.source.id) ? Closed : Open;
  return (
    <section class="prediction">
      <h2>{t("sources.predict")}</h2>
      {ids.length < 2 ? <p>{t("sources.predict.few")}</p> : <Part view={view} ids={ids} />}
    </section>
  );
};
