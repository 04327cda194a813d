import type { ClassResults } from "../../../experiment/per-class.ts";
import { orderOf } from "../../../experiment/statistics.ts";
import { conditionLabel } from "../../condition-label.ts";
import { numberText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { spokenLabel } from "../result/spoken-label.ts";
import { drawnBrush, lookedAt } from "./brush-state.ts";
import { ClassDetail } from "./class-detail.tsx";
import { ClassList } from "./class-list.tsx";
import { binsOf, classesIn, wholeBrush, type Brush } from "./histogram-bins.ts";
import { BrushEnds, Histogram } from "./histogram.tsx";
import { improvedConditions } from "./taken-for.ts";

const ConditionChoice = ({ improved, id }: { readonly improved: readonly ClassResults[]; readonly id: string }) => (
  <p>
    <label>
      {t("why.condition")}{" "}
      <select value={id} onChange={(event) => (lookedAt.value = event.currentTarget.value)}>
        {improved.map((condition) => (
          <option value={condition.id} key={condition.id}>
            {conditionLabel(condition.id)}
          </option>
        ))}
      </select>
    </label>
  </p>
);

const Brushed = ({ view, after }: { readonly view: RunView; readonly after: ClassResults }) => {
  const { classes: names, perClass } = view.results;
  const before = perClass.find(({ id }) => id === "real-10");
  const gains = after.improvement!.map(({ mean }) => mean);
  const bins = binsOf(gains);
  const on = `${view.source.id}/${after.id}`;
  const brush = drawnBrush.value?.on === on ? drawnBrush.value : wholeBrush(bins);
  const setBrush = ({ low, high }: Brush): void => {
    drawnBrush.value = { low, high, on };
  };
  const held = classesIn(gains, brush);
  const caption = t("why.histogram", {
    name: spokenLabel(after.id),
    gaining: numberText(gains.filter((gain) => orderOf(gain, 0) > 0).length),
    count: numberText(gains.length),
  });
  const count = held.length === 1 ? t("why.bin.one") : t("why.bin.many", { count: numberText(held.length) });
  return (
    <>
      <Histogram {...{ id: after.id, bins, names, gains, brush, setBrush, caption }} />
      <BrushEnds {...{ bins, brush, setBrush }} />
      <div class="class-gains">
        <div>
          <ClassList caption={t("why.brush.held", { count })} classes={held} {...{ names, before, after }} />
          <p class="quiet">{t("why.list.note")}</p>
        </div>
        <ClassDetail {...{ view, before, after }} />
      </div>
    </>
  );
};

/** Gains class by class: choose a condition, brush, and look at one class. */
export const Classes = ({ view }: { readonly view: RunView }) => {
  const improved = improvedConditions(view.results.perClass);
  const wanted = [lookedAt.value, "retrieval"].map((id) => improved.find((condition) => condition.id === id));
  const after = wanted.find(Boolean) ?? improved[0];
  return (
    <section data-looked-at={after?.id}>
      <h2>
        {t("why.classes")} <RunTag view={view} />
      </h2>
      {after ? (
        <>
          <ConditionChoice improved={improved} id={after.id} />
          <Brushed view={view} after={after} />
        </>
      ) : (
        <p>{t("why.no-improvement")}</p>
      )}
    </section>
  );
};
