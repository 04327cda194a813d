import type { Ambiguity } from "../../../experiment/ambiguity.ts";
import { numberText, percentText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { chosenClass } from "../../state.ts";
import { t } from "../../strings.ts";

/** Columns before the run's classes: what shows none of them comes where it is seen, however many classes there are. */
const ahead = 2;

/** Shares of a class's hits by what they show: no class, other classes, each class of the run. */
function rowOf({ hits, otherOfWorld, none }: Ambiguity["classes"][number], classes: number): number[] {
  const ofRun = Array.from(
    { length: classes },
    (_, index) => hits.find(({ classIndex }) => classIndex === index)?.share ?? 0,
  );
  return [none, otherOfWorld, ...ofRun];
}

/** A share as a cell whose ground is the deeper the larger it is. */
const Heat = ({ share, isOwn }: { readonly share: number; readonly isOwn: boolean }) => (
  <td class={isOwn ? "heat own" : "heat"} data-share={share} style={{ "--heat": `${Math.round(50 * share)}%` }}>
    {share === 0 ? <span class="quiet">·</span> : percentText(share, 0)}
  </td>
);

const HeatTable = ({
  names,
  classes,
}: {
  readonly names: readonly string[];
  readonly classes: Ambiguity["classes"];
}) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={t("why.ambiguity")}>
    <table class="heat-table">
      <thead>
        <tr>
          <th scope="col">{t("why.ambiguity.asked")}</th>
          {[t("why.ambiguity.nothing"), t("why.ambiguity.other"), ...names].map((name) => (
            <th scope="col" key={name}>
              <span>{name}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {classes.map((one, index) => (
          <tr key={names[index]} data-asked={names[index]} data-itself={one.itself}>
            <th scope="row">{names[index]}</th>
            {rowOf(one, names.length).map((share, column) => (
              <Heat key={column} share={share} isOwn={column === index + ahead} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** Where each class's search lands in the pool, as a table whose cells are shaded. */
export const AmbiguityMap = ({ view }: { readonly view: RunView }) => {
  const { ambiguity, classes: names } = view.results;
  if (ambiguity === null) return <p>{t("why.ambiguity.none")}</p>;
  const { classes, neighbours } = ambiguity;
  const least = classes.reduce((found, { itself }, index) => (itself < classes[found]!.itself ? index : found), 0);
  const name = names[least] ?? "";
  return (
    <>
      <p>
        {t("why.ambiguity.text", { neighbours: numberText(neighbours) })} <RunTag view={view} />
      </p>
      <p>
        {t("why.ambiguity.least", { class: name, itself: percentText(classes[least]!.itself, 0) })}{" "}
        <button type="button" class="quiet" onClick={() => (chosenClass.value = least)}>
          {t("why.ambiguity.look", { class: name })}
        </button>
      </p>
      <HeatTable names={names} classes={classes} />
    </>
  );
};
