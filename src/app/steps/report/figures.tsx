import type { Results } from "../../../experiment/record.ts";
import { conditionLabel } from "../../condition-label.ts";
import { listText, percentText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { exportFiles, figureName } from "./export-files.ts";

/** Figures that are shown at once; the others open one by one. */
const first = ["accuracy-dots"];

/** In the order of the page; what a later version may draw follows. */
const known = ["accuracy-dots", "accuracy-bars", "classes", "ambiguity", "grid", "contact-sheet", "boomerang"] as const;

/** A run's figures in the order of the page. */
export function orderedFigures(paths: readonly string[]): string[] {
  const rank = (path: string): number => {
    const at = known.findIndex((id) => id === figureName(path));
    return at < 0 ? known.length : at;
  };
  return [...exportFiles(paths).figures].sort((a, b) => rank(a) - rank(b));
}

/** What a figure shows, in a sentence. */
export function figureCaption(path: string): string {
  const name = figureName(path);
  const named = known.find((id) => id === name);
  if (named) return t(`report.figure.${named}`);
  const condition = /^classes-(.+)$/.exec(name)?.[1];
  return condition === undefined
    ? t("report.figure.other", { name })
    : t("report.figure.ends", { condition: conditionLabel(condition) });
}

/** A figure's content for those who do not see it: the numbers where it is a chart of them. */
export function figureAlt(path: string, { conditions }: Pick<Results, "conditions">): string {
  if (!figureName(path).startsWith("accuracy-")) return figureCaption(path);
  const scores = conditions.map(({ id, mean }) =>
    t("report.figure.score", { label: conditionLabel(id), mean: percentText(mean) }),
  );
  return t("report.figure.scores", { scores: listText(scores) });
}

const Figure = ({ view, path }: { readonly view: RunView; readonly path: string }) => (
  <div class="paper" tabIndex={0} role="region" aria-label={figureCaption(path)}>
    <img src={view.url(path)} alt={figureAlt(path, view.results)} loading="lazy" data-figure={figureName(path)} />
  </div>
);

/** The run's own figures. */
export const Figures = ({ view }: { readonly view: RunView }) => {
  const figures = orderedFigures(view.paths);
  if (figures.length === 0) return <p>{t("report.no-figures")}</p>;
  return (
    <div class="figures">
      <p>
        <RunTag view={view} />
      </p>
      {figures
        .filter((path) => first.includes(figureName(path)))
        .map((path) => (
          <figure key={path}>
            <figcaption>{figureCaption(path)}</figcaption>
            <Figure view={view} path={path} />
          </figure>
        ))}
      {figures
        .filter((path) => !first.includes(figureName(path)))
        .map((path) => (
          <details key={path}>
            <summary>{figureCaption(path)}</summary>
            <Figure view={view} path={path} />
          </details>
        ))}
    </div>
  );
};
