import { numberText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { WithTable } from "../../parts/with-table.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { chosenClass } from "../../state.ts";
import { t } from "../../strings.ts";
import { bySize, imbalanceOf, type Imbalance, type TargetClass } from "./real-pictures.ts";

const message = ({ largest, smallest, ratio }: Imbalance): string =>
  largest.total === smallest.total
    ? t("target.imbalance.equal", { most: numberText(largest.total) })
    : t("target.imbalance.caption", {
        ...{ largest: largest.name, smallest: smallest.name },
        ...{ most: numberText(largest.total), least: numberText(smallest.total) },
        ratio: numberText(ratio, 1),
      });

/**
 * Real pictures of each class as bars from zero, the largest class first. They are a list, not a drawing, so that a class's
 * name wraps and its text keeps its size on a telephone.
 */
export const ClassCounts = ({
  view,
  classes,
}: {
  readonly view: RunView;
  readonly classes: readonly TargetClass[];
}) => {
  const imbalance = imbalanceOf(classes);
  if (!imbalance) return null;
  const sorted = bySize(classes);
  const chosen = classes[chosenClass.value]?.name;
  const rows = sorted.map(({ name, total }) => [name, numberText(total)]);
  return (
    <section>
      <h2>
        {t("target.imbalance")} <RunTag view={view} />
      </h2>
      <WithTable
        caption={message(imbalance)}
        table={{ head: [t("target.imbalance.class"), t("target.imbalance.count")], rows }}
      >
        <ol class="count-bars">
          {sorted.map(({ name, total }) => (
            <li key={name} class={name === chosen ? "chosen" : ""} data-class={name} data-count={total}>
              <span class="count-name">{name}</span>
              <span class="count-track">
                <span class="count-bar" style={{ "--share": String(total / imbalance.largest.total) }} />
                {numberText(total)}
              </span>
            </li>
          ))}
        </ol>
      </WithTable>
      <p class="quiet">{t("target.imbalance.why")}</p>
    </section>
  );
};
