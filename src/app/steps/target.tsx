import { numberText } from "../format.ts";
import { NeedRun } from "../parts/need-run.tsx";
import { RunTag } from "../parts/source-tag.tsx";
import type { RunView } from "../runs/run-view.ts";
import { t } from "../strings.ts";
import "./target.css";
import { ClassChoice } from "./target/class-choice.tsx";
import { ClassCounts } from "./target/class-counts.tsx";
import { Locked } from "./target/locked.tsx";
import { OwnPictures } from "./target/own-pictures.tsx";
import { targetClasses } from "./target/real-pictures.ts";
import { Tenth } from "./target/tenth.tsx";

const Lead = ({ view: { results } }: { readonly view: RunView }) => {
  const classes = numberText(results.classes.length);
  const real = results.images["training (10 %)"];
  return (
    <p class="lead">
      {real === undefined
        ? t("target.lead.uncounted", { classes })
        : t("target.lead", { classes, real: numberText(real) })}
    </p>
  );
};

const Excluded = ({ view }: { readonly view: RunView }) => {
  const excluded = Object.entries(view.results.excluded);
  if (excluded.length === 0) return null;
  return (
    <section>
      <h2>{t("target.excluded")}</h2>
      <ul>
        {excluded.map(([name, reason]) => (
          <li key={name}>{t("target.excluded.one", { class: name, reason })}</li>
        ))}
      </ul>
    </section>
  );
};

const Target = ({ view }: { readonly view: RunView }) => {
  const classes = targetClasses(view);
  return (
    <>
      <Lead view={view} />
      <h2>
        {t("target.classes")} <RunTag view={view} />
      </h2>
      <p>{t("target.classes.lead")}</p>
      {classes === null && <p class="quiet">{t("target.no-gallery")}</p>}
      <ClassChoice view={view} classes={classes} />
      <Tenth view={view} classes={classes} />
      {classes && <ClassCounts view={view} classes={classes} />}
      <Locked view={view} />
      <Excluded view={view} />
    </>
  );
};

/** The classes, how little there is of them, and what is kept apart. */
export const TargetStep = () => (
  <>
    <h1>{t("target.question")}</h1>
    <NeedRun>{(view) => <Target view={view} />}</NeedRun>
    <OwnPictures />
  </>
);
