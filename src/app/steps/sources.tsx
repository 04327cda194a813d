import { NeedRun } from "../parts/need-run.tsx";
import type { RunView } from "../runs/run-view.ts";
import { t } from "../strings.ts";
import "./sources.css";
import { chosenMethod } from "./sources/chosen-method.ts";
import { ExampleStrip } from "./sources/example-strip.tsx";
import { Included } from "./sources/included.tsx";
import { MethodChoice } from "./sources/method-choice.tsx";
import { MethodMap } from "./sources/method-map.tsx";
import { MethodWords } from "./sources/method-words.tsx";
import { PredictionOrder } from "./sources/prediction.tsx";

const Follow = ({ view }: { readonly view: RunView }) => {
  const method = chosenMethod.value;
  return (
    <section>
      <h2>{t("sources.map")}</h2>
      <p>{t("sources.map.lead")}</p>
      <MethodChoice />
      <MethodMap method={method} />
      <div class="method-detail">
        <MethodWords view={view} method={method} />
        <ExampleStrip view={view} method={method} />
      </div>
    </section>
  );
};

/** The methods, what each lights and costs, and the student's order of them. */
export const SourcesStep = () => (
  <>
    <h1>{t("sources.question")}</h1>
    <p class="lead">{t("sources.lead")}</p>
    <NeedRun>
      {(view) => (
        <>
          <Follow view={view} />
          <PredictionOrder view={view} />
          <Included />
        </>
      )}
    </NeedRun>
  </>
);
