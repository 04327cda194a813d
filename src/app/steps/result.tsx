import { useEffect } from "preact/hooks";
import { markResultSeen } from "../choices.ts";
import { NeedRun } from "../parts/need-run.tsx";
import { RunTag } from "../parts/source-tag.tsx";
import type { RunView } from "../runs/run-view.ts";
import { prediction } from "../state.ts";
import { t } from "../strings.ts";
import "./result.css";
import { Beside } from "./result/beside.tsx";
import { ResultChart } from "./result/chart.tsx";
import { firstSets } from "./result/choices.ts";
import { Compared } from "./result/compared.tsx";
import { Controls } from "./result/controls.tsx";
import { flipsOf, ofFirstSets, setsOf } from "./result/first-sets.ts";
import { Flips } from "./result/flips.tsx";
import { besideHeadline, headlineText } from "./result/headline.ts";
import { Predicted } from "./result/predicted.tsx";

const Result = ({ view }: { readonly view: RunView }) => {
  const { results } = view;
  const all = results.conditions;
  const most = setsOf(all);
  const n = Math.min(firstSets.value ?? most, most);
  const conditions = ofFirstSets(all, n);
  const flips = flipsOf(conditions, all);
  useEffect(() => markResultSeen(view.source.id, prediction.value), [view.source.id]);
  return (
    <>
      <p class="lead" data-headline>
        {headlineText(conditions)} <RunTag view={view} />
      </p>
      <p>{besideHeadline(conditions).join(" ")}</p>
      <Controls n={n} all={most} />
      <ResultChart
        conditions={conditions}
        all={all}
        production={results.production}
        turned={flips.map(({ id }) => id)}
      />
      <Flips conditions={conditions} all={all} flips={flips} />
      <Predicted view={view} />
      <Compared view={view} />
      <Beside results={results} conditions={conditions} />
    </>
  );
};

/** The accuracies with their uncertainty, what they let one say, and the prediction revealed. */
export const ResultStep = () => (
  <>
    <h1>{t("result.question")}</h1>
    <NeedRun>{(view) => <Result view={view} />}</NeedRun>
  </>
);
