import { alwaysIncluded, chosenConditions, withCondition } from "../../choices.ts";
import { explainedMethods, type ExplainedMethod } from "../../content/methods.ts";
import { numberText } from "../../format.ts";
import { Mark } from "../../parts/mark.tsx";
import { device, hash } from "../../state.ts";
import { t } from "../../strings.ts";
import { CostBar } from "./cost-bar.tsx";

/** A method with its tick, where a run of one's own is possible. */
const Row = ({ method, canRun }: { readonly method: ExplainedMethod; readonly canRun: boolean }) => {
  const { id, title, sentence } = method;
  const isAlways = alwaysIncluded.includes(id);
  const name = (
    <>
      <Mark id={id} /> {title}
    </>
  );
  return (
    <li data-condition={id}>
      {canRun ? (
        <label>
          <input
            type="checkbox"
            checked={isAlways || (chosenConditions.value?.includes(id) ?? false)}
            disabled={isAlways || hash.value.lock}
            onChange={(event) =>
              (chosenConditions.value = withCondition(chosenConditions.value, id, event.currentTarget.checked))
            }
          />
          {name}
        </label>
      ) : (
        <strong>{name}</strong>
      )}
      <CostBar method={method} />
      <p>
        {sentence} {canRun && isAlways && <em class="quiet">{t("sources.include.always")}</em>}
      </p>
    </li>
  );
};

/** How many are chosen, and the way back to the preset's own. */
const Chosen = () => {
  const chosen = chosenConditions.value;
  if (hash.value.lock) return <p>{t("sources.include.locked")}</p>;
  const counts = { count: numberText(chosen?.length ?? 0), all: numberText(explainedMethods.length) };
  return (
    <>
      <p role="status" data-chosen={chosen?.join(" ")}>
        {chosen === null ? t("sources.include.preset") : t("sources.include.chosen", counts)}
      </p>
      {chosen !== null && (
        <button type="button" onClick={() => (chosenConditions.value = null)}>
          {t("sources.include.reset")}
        </button>
      )}
    </>
  );
};

/** All conditions with a sentence and a cost bar each, and ticks for those that a live run is to have. */
export const Included = () => {
  const canRun = device.value.kind !== "none";
  return (
    <section>
      <h2>{t("sources.include")}</h2>
      <p>{t(canRun ? "sources.include.lead" : "sources.include.none")}</p>
      <fieldset class="included">
        <legend class="for-ears">{t("sources.include.legend")}</legend>
        <ul>
          {explainedMethods.map((method) => (
            <Row key={method.id} method={method} canRun={canRun} />
          ))}
        </ul>
      </fieldset>
      {canRun && <Chosen />}
    </section>
  );
};
