import type { ExplainedMethod } from "../../content/methods.ts";
import { durationText } from "../../format.ts";
import { Mark } from "../../parts/mark.tsx";
import { RunTag, SourceTag } from "../../parts/source-tag.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { CostBar } from "./cost-bar.tsx";
import { costReason } from "./cost-words.ts";
import { shortTimeText } from "./provenance-words.ts";

/** What the method took in the shown run, where that was measured. */
const MeasuredCost = ({ view, method }: { readonly view: RunView; readonly method: ExplainedMethod }) => {
  const { methods, poolSeconds } = view.results.costs;
  const seconds = methods.find(({ id }) => id === method.id)?.secondsPerImage ?? null;
  if (seconds === null) return null;
  const searches = method.lit.pool !== "unused" && poolSeconds !== null;
  return (
    <p data-condition={method.id} data-seconds={seconds}>
      {t(method.trains === null ? "sources.seconds" : "sources.seconds.learning", { time: shortTimeText(seconds) })}
      {searches && ` ${t("sources.seconds.pool", { time: durationText(poolSeconds) })}`} <RunTag view={view} />
    </p>
  );
};

const PaperName = ({ method: { paperName, paperNumber } }: { readonly method: ExplainedMethod }) => {
  if (paperName === null) return <p class="quiet">{t("sources.paper.absent")}</p>;
  return (
    <p class="quiet">
      <SourceTag kind="paper" />{" "}
      {paperNumber === null
        ? t("sources.paper.unnumbered", { name: paperName })
        : t("sources.paper", { name: paperName, number: String(paperNumber) })}
    </p>
  );
};

/** A method in a sentence, what it trains, and what it costs by its recipe and by the clock. */
export const MethodWords = ({ view, method }: { readonly view: RunView; readonly method: ExplainedMethod }) => (
  <div class="method-words">
    <h3>
      <Mark id={method.id} size={20} /> {method.title}
    </h3>
    <p>{method.sentence}</p>
    <p>
      {method.trains === null ? t("sources.trains.nothing") : t("sources.trains", { what: method.trains })}{" "}
      {method.lit.denoiser !== "unused" && method.lit.start === "unused" && t("sources.noise")}
    </p>
    <h4>{t("sources.cost")}</h4>
    <CostBar method={method} />
    <p class="quiet">{costReason(method, view.results.spec)}</p>
    <MeasuredCost view={view} method={method} />
    <PaperName method={method} />
  </div>
);
