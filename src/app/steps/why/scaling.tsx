import { exercises } from "../../content/exercises.ts";
import { numberText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { WithTable } from "../../parts/with-table.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { ScalingChart } from "./scaling-chart.tsx";
import { scalingTable } from "./scaling-table.ts";

/** The exercise "More is more?", whose command makes the curve for this world. */
const exercise = 6;

const commandOf = (id: number): string => exercises.find((one) => one.id === id)?.commands[0] ?? "";

/** Accuracy along the number of added images, where the shown run comes from a sweep; else the command that makes it. */
export const Scaling = ({ view }: { readonly view: RunView }) => {
  if (view.scaling.length === 0)
    return (
      <>
        <p>{t("why.scaling.none")}</p>
        <pre class="scroll" tabIndex={0}>
          <code>{commandOf(exercise)}</code>
        </pre>
      </>
    );
  // A point that left classes out has fewer than the sweep.
  const classes = Math.max(...view.scaling.map((point) => (point.classes ?? 0) + point.classesLeftOut));
  const result = view.results.classes.length;
  return (
    <>
      <p>
        {t("why.scaling.own")}{" "}
        {classes > 0 &&
          classes !== result &&
          t("why.scaling.classes", { classes: numberText(classes), result: numberText(result) })}{" "}
        {view.scaling.some(({ classesLeftOut }) => classesLeftOut > 0) && t("why.scaling.band")} <RunTag view={view} />
      </p>
      <WithTable caption={t("why.scaling.caption")} table={scalingTable(view.scaling)}>
        <ScalingChart points={view.scaling} />
      </WithTable>
    </>
  );
};
