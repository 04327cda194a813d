import { conditionLabel } from "../../condition-label.ts";
import { numberText } from "../../format.ts";
import { Mark } from "../../parts/mark.tsx";
import { RunTag } from "../../parts/source-tag.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t, type StringKey } from "../../strings.ts";
import { funnelSteps, type FunnelStep } from "./funnel-steps.ts";

const known = [
  "asked",
  "found",
  "duplicates",
  "blocked",
  "unsafe",
  "aesthetics",
  "surplus",
  "retrieved",
  "generated",
  "kept",
];

/** A step's words; a key that this page does not know stands for itself. */
const stepWords = (key: string): string => (known.includes(key) ? t(`make.funnel.${key}` as StringKey) : key);

const Step = ({ step: { key, kind, count }, most }: { readonly step: FunnelStep; readonly most: number }) => {
  if (kind === "rounds")
    return (
      <li class="funnel-rounds quiet" data-step={key} data-count={count}>
        {t("make.funnel.rounds", { count: numberText(count) })}
      </li>
    );
  return (
    <li class={`funnel-${kind}`} data-step={key} data-count={count}>
      <span>{stepWords(key)}</span>
      <span class="funnel-track">
        <span class="funnel-bar" style={{ "--share": String(count / most) }} />
        {t(kind === "loss" ? "make.funnel.less" : "make.funnel.number", { count: numberText(count) })}
      </span>
    </li>
  );
};

/** How many images a method was asked for, and what became of them, over all classes. */
const Funnel = ({ view, id }: { readonly view: RunView; readonly id: string }) => {
  const production = view.results.production.find((one) => one.id === id);
  const steps = production ? funnelSteps(production.funnel) : [];
  const most = Math.max(1, ...steps.filter(({ kind }) => kind !== "rounds").map(({ count }) => count));
  return (
    <section class="funnel" data-funnel={id}>
      <h3>
        <Mark id={id} /> {conditionLabel(id)}
      </h3>
      {steps.length === 0 ? (
        <p class="quiet">{t("make.funnel.none")}</p>
      ) : (
        <ol>
          {steps.map((step) => (
            <Step key={step.key} step={step} most={most} />
          ))}
        </ol>
      )}
    </section>
  );
};

/** The funnels of the methods in the lanes. @param view null while the run is unfinished */
export const Funnels = ({ view, ids }: { readonly view: RunView | null; readonly ids: readonly string[] }) => (
  <section>
    <h2>
      {t("make.funnel")} {view && <RunTag view={view} />}
    </h2>
    {view === null ? (
      <p class="quiet">{t("make.funnel.later")}</p>
    ) : (
      <>
        <p>{t("make.funnel.lead")}</p>
        <div class="funnels">
          {ids.map((id) => (
            <Funnel key={id} view={view} id={id} />
          ))}
        </div>
      </>
    )}
  </section>
);
