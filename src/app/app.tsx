import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { About } from "./beside/about.tsx";
import { Credits } from "./beside/credits.tsx";
import { GlossaryPage } from "./beside/glossary.tsx";
import { Log } from "./beside/log.tsx";
import { Runs } from "./beside/runs.tsx";
import { Search } from "./beside/search.tsx";
import { SettingsPage } from "./beside/settings.tsx";
import { Storage } from "./beside/storage.tsx";
import { Teacher } from "./beside/teacher.tsx";
import { titleOf, unseenEnd } from "./ended-title.ts";
import { JobBar } from "./job-bar.tsx";
import { KeysHelp } from "./keys-help.tsx";
import { Rail } from "./rail.tsx";
import { isStep, stepIds, type PlaceId } from "./route.ts";
import { ShownRun } from "./shown-run.tsx";
import { linkTo, place, problems, steps } from "./state.ts";
import { MakeStep } from "./steps/make.tsx";
import { ReportStep } from "./steps/report.tsx";
import { ResultStep } from "./steps/result.tsx";
import { SourcesStep } from "./steps/sources.tsx";
import { StartStep } from "./steps/start.tsx";
import { TargetStep } from "./steps/target.tsx";
import { TrainStep } from "./steps/train.tsx";
import { WhyStep } from "./steps/why.tsx";
import { t } from "./strings.ts";

const views: Readonly<Record<PlaceId, ComponentType>> = {
  ...{ start: StartStep, target: TargetStep, sources: SourcesStep, make: MakeStep },
  ...{ train: TrainStep, result: ResultStep, why: WhyStep, report: ReportStep },
  ...{ runs: Runs, search: Search, storage: Storage, log: Log, glossary: GlossaryPage },
  ...{ about: About, credits: Credits, settings: SettingsPage, teacher: Teacher },
};

const Problems = () =>
  problems.value.length === 0 ? null : (
    <section class="problem" role="alert">
      <h2>{t("problems.title")}</h2>
      <ul>
        {problems.value.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  );

const Neighbours = () => {
  const at = steps.value.findIndex((id) => id === place.value);
  if (at < 0) return null;
  const [before, next] = [steps.value[at - 1], steps.value[at + 1]];
  return (
    <nav class="neighbours" aria-label={t("neighbours")}>
      {before && <a href={linkTo(before)}>{t("back", { step: t(`step.${before}`) })}</a>}
      {next && (
        <a class="next" href={linkTo(next)}>
          {t("next", { step: t(`step.${next}`) })}
        </a>
      )}
    </nav>
  );
};

/** In place of a step that the lesson leaves out, with the way to where it goes on. */
const LeftOut = () => {
  const after = stepIds.slice(stepIds.findIndex((id) => id === place.value));
  const next = after.find((id) => steps.value.includes(id)) ?? steps.value.at(-1)!;
  return (
    <>
      <h1>{t("hidden.title")}</h1>
      <p>
        {t("hidden")} <a href={linkTo(next)}>{t("next", { step: t(`step.${next}`) })}</a>
      </p>
    </>
  );
};

/** The whole page. */
export const App = () => {
  const main = useRef<HTMLElement>(null);
  const View = views[place.value];
  const isLeftOut = isStep(place.value) && !steps.value.includes(place.value);
  useEffect(() => {
    document.title = titleOf(t(isLeftOut ? "hidden.title" : `step.${place.value}`), unseenEnd.value);
  }, [place.value, isLeftOut, unseenEnd.value]);
  const before = useRef(place.value);
  useEffect(() => {
    scrollTo(0, 0);
    if (before.current === place.value) return;
    before.current = place.value;
    // Keyboard and screen reader go along; when the page opens they are at its beginning already.
    main.current?.focus({ preventScroll: true });
  }, [place.value]);
  return (
    <>
      <header class="top">
        <a class="skip" href="#page-step" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
          {t("skip")}
        </a>
        <a class="name" href={linkTo(steps.value[0]!)}>
          {t("title")}
        </a>
        <ShownRun />
      </header>
      <div class="frame">
        <Rail />
        <main
          id="page-step"
          ref={main}
          tabIndex={-1}
          aria-label={t(isLeftOut ? "hidden.title" : `step.${place.value}`)}
          class={`step step-${place.value}`}
        >
          <Problems />
          {isLeftOut ? <LeftOut /> : <View />}
          <Neighbours />
        </main>
      </div>
      <JobBar />
      <KeysHelp />
      <footer class="foot">{t("private")}</footer>
    </>
  );
};
