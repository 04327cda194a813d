import type { Signal } from "@preact/signals";
import { numberText } from "../../format.ts";
import { t, type StringKey } from "../../strings.ts";
import { drawing, drawings, firstSets, intervalKind } from "./choices.ts";
import { intervalKinds } from "./intervals.ts";

/** A choice of one of several words. */
const Choice = <T extends string>({
  name,
  values,
  chosen,
}: {
  readonly name: "drawn" | "around";
  readonly values: readonly T[];
  readonly chosen: Signal<T>;
}) => (
  <fieldset class="result-choice">
    <legend>{t(`result.${name}`)}</legend>
    {values.map((value) => (
      <label key={value}>
        <input
          type="radio"
          name={`result-${name}`}
          value={value}
          checked={chosen.value === value}
          onChange={() => (chosen.value = value)}
        />{" "}
        {t(`result.${name}.${value}` as StringKey)}
      </label>
    ))}
  </fieldset>
);

/** Use only the first sets: from two to all. */
const SetsChoice = ({ n, all }: { readonly n: number; readonly all: number }) => {
  if (all < 3)
    return <p class="quiet">{t(all < 2 ? "result.sets.one" : "result.sets.only", { all: numberText(all) })}</p>;
  const words = t("result.sets.of", { n: numberText(n), all: numberText(all) });
  return (
    <label class="result-choice">
      <span>{t("result.sets")}</span>
      <span class="result-range">
        <input
          type="range"
          min={2}
          max={all}
          step={1}
          value={n}
          aria-valuetext={words}
          onInput={(event) => (firstSets.value = Number(event.currentTarget.value))}
        />{" "}
        <output data-sets={n}>{words}</output>
      </span>
    </label>
  );
};

/** How the chart is drawn, what stands around each mean, and how many sets are used. @param all sets that the run has */
export const Controls = ({ n, all }: { readonly n: number; readonly all: number }) => (
  <div class="result-controls">
    <Choice name="drawn" values={drawings} chosen={drawing} />
    <Choice name="around" values={intervalKinds} chosen={intervalKind} />
    <SetsChoice n={n} all={all} />
  </div>
);
