import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { markResultSeen } from "../choices.ts";
import { NeedRun } from "../parts/need-run.tsx";
import type { RunView } from "../runs/run-view.ts";
import { prediction } from "../state.ts";
import { t } from "../strings.ts";
import "./why.css";
import { AmbiguityMap } from "./why/ambiguity-map.tsx";
import { Boomerang } from "./why/boomerang.tsx";
import { Classes } from "./why/classes.tsx";
import { Costs } from "./why/costs.tsx";
import { FidelityTable } from "./why/fidelity.tsx";
import { LeakAudit } from "./why/leak-audit.tsx";
import { Scaling } from "./why/scaling.tsx";

/** Looks at one cause each, in the order of the page. */
const looks = [
  ["ambiguity", AmbiguityMap],
  ["fidelity", FidelityTable],
  ["costs", Costs],
  ["audit", LeakAudit],
  ["boomerang", Boomerang],
  ["scaling", Scaling],
] as const satisfies readonly (readonly [string, ComponentType<{ readonly view: RunView }>])[];

const Why = ({ view }: { readonly view: RunView }) => {
  // Gains by class tell the result too.
  useEffect(() => markResultSeen(view.source.id, prediction.value), [view.source.id]);
  return (
    <>
      <Classes view={view} />
      {looks.map(([name, Look]) => (
        <section key={name} data-look={name}>
          <h2>{t(`why.${name}`)}</h2>
          <Look view={view} />
        </section>
      ))}
    </>
  );
};

/** What lies behind the means: classes, pictures, searches, leaks, costs. */
export const WhyStep = () => (
  <>
    <h1>{t("why.question")}</h1>
    <p class="lead">{t("why.lead")}</p>
    <NeedRun>{(view) => <Why view={view} />}</NeedRun>
  </>
);
