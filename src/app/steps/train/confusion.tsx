import { signal } from "@preact/signals";
import { hasSeenResult, markResultSeen } from "../../choices.ts";
import { conditionLabel } from "../../condition-label.ts";
import { numberText, percentText } from "../../format.ts";
import { Mark } from "../../parts/mark.tsx";
import { RunTag } from "../../parts/source-tag.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { prediction } from "../../state.ts";
import { t } from "../../strings.ts";
import { worstConfusion } from "./confusion-shares.ts";
import { Matrix } from "./matrix.tsx";

/** The condition whose confusions are shown. */
const chosen = signal("real-10");

const Chosen = ({ view }: { readonly view: RunView }) => {
  const { classes, conditions } = view.confusions!;
  const found = conditions.find(({ id }) => id === chosen.value) ?? conditions[0];
  if (!found) return <p class="quiet">{t("train.confusion.none")}</p>;
  const n = view.results.conditions.find(({ id }) => id === found.id)?.n ?? 1;
  const caption = t("train.confusion.caption", { name: conditionLabel(found.id), n: numberText(n) });
  const worst = worstConfusion(found.matrix);
  const words = worst && {
    ...{ truth: classes[worst.truth]!, predicted: classes[worst.predicted]! },
    share: percentText(worst.share, 0),
  };
  return (
    <div data-confusion={found.id}>
      <label class="confusion-condition">
        {t("train.confusion.condition")} <Mark id={found.id} />{" "}
        <select value={found.id} onChange={({ currentTarget }) => (chosen.value = currentTarget.value)}>
          {conditions.map(({ id }) => (
            <option value={id} key={id}>
              {conditionLabel(id)}
            </option>
          ))}
        </select>
      </label>
      <p role="status">{words ? t("train.confusion.worst", words) : t("train.confusion.right")}</p>
      <p class="quiet" aria-hidden="true">
        {caption}
      </p>
      <Matrix {...{ caption, classes, matrix: found.matrix }} />
    </div>
  );
};

/** It tells the result: whoever opens it has made their prediction, or has none. */
const Closed = ({ view }: { readonly view: RunView }) => (
  <>
    <p>{t("train.confusion.closed")}</p>
    <button type="button" onClick={() => markResultSeen(view.source.id, prediction.value)}>
      {t("train.confusion.open")}
    </button>
  </>
);

/** Who was taken for whom on the test set, as a table whose cells are shaded. */
export const Confusion = ({ view }: { readonly view: RunView }) => (
  <section>
    <h2>
      {t("train.confusion")} <RunTag view={view} />
    </h2>
    {view.confusions === null ? (
      <p class="quiet">{t("train.confusion.none")}</p>
    ) : hasSeenResult(view.source.id) ? (
      <Chosen view={view} />
    ) : (
      <Closed view={view} />
    )}
  </section>
);
