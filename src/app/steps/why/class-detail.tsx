import type { ClassResults } from "../../../experiment/per-class.ts";
import { holdsZero } from "../../../experiment/statistics.ts";
import { intervalTexts, percentText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { DataTable } from "../../parts/with-table.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { chosenClass } from "../../state.ts";
import { t } from "../../strings.ts";
import { spokenLabel } from "../result/spoken-label.ts";
import { ClassPictures } from "./class-pictures.tsx";
import { takenFor } from "./taken-for.ts";

/** The condition before anything was added. */
const base = "real-10";

const Taken = ({
  view,
  before,
  after,
  own,
}: {
  readonly view: RunView;
  readonly before: ClassResults | undefined;
  readonly after: ClassResults;
  readonly own: number;
}) => {
  const names = view.results.classes;
  const taken = takenFor(view.confusions, own, [base, after.id]);
  if (taken === null) {
    const most = (results: ClassResults | undefined): string =>
      names[results?.confusedWith[own] ?? -1] ?? t("why.taken.nothing");
    return <p>{t("why.taken.most", { before: most(before), after: most(after) })}</p>;
  }
  if (taken.length === 0) return <p>{t("why.taken.none")}</p>;
  return (
    <DataTable
      caption={t("why.taken.caption")}
      head={(["class", "before", "after"] as const).map((head) => t(`why.taken.${head}`))}
      rows={taken.map((one) => [names[one.classIndex]!, percentText(one.before), percentText(one.after)])}
    />
  );
};

/** The chosen class: its accuracy before and after, its pictures, and what it is taken for. */
export const ClassDetail = ({
  view,
  before,
  after,
}: {
  readonly view: RunView;
  readonly before: ClassResults | undefined;
  readonly after: ClassResults;
}) => {
  const own = chosenClass.value;
  const name = view.results.classes[own];
  const gain = after.improvement![own];
  if (name === undefined || gain === undefined) return null;
  const values = {
    before: before ? percentText(before.accuracy[own]!) : t("why.none"),
    ...{ after: percentText(after.accuracy[own]!), name: spokenLabel(after.id) },
  };
  const { mean, ...ends } = intervalTexts(gain);
  return (
    <section class="class-detail card" data-detail={name} aria-live="polite">
      <h3>
        {t("why.class", { class: name })} <RunTag view={view} />
      </h3>
      <p data-before={before?.accuracy[own]} data-after={after.accuracy[own]} data-gain={gain.mean}>
        {t("why.class.accuracy", { ...values, gain: mean, ...ends })} {holdsZero(gain) && t("why.class.unclear")}
      </p>
      <ClassPictures view={view} id={after.id} classIndex={own} />
      <h4>{t("why.taken")}</h4>
      <Taken {...{ view, before, after, own }} />
    </section>
  );
};
