/** The last stage of a run: results, metrics, figures and the report. */
import type { Dataset } from "../data/dataset.ts";
import { rowsOfIds, rowsOfSplit } from "../data/dataset.ts";
import { imageAt, type Image } from "../data/image.ts";
import { pngDataUri } from "../data/png.ts";
import type { Fidelity } from "./analysis.ts";
import { contactSheet, type SheetRow } from "./contact-sheet.ts";
import { conditionIds, conditionOf, type ConditionId } from "./conditions.ts";
import { deviations } from "./deviations.ts";
import { barsFigure, dotsFigure } from "./figures.ts";
import type { ClassProduction } from "./production.ts";
import { summarizeConditions, type Audit, type Production, type Results } from "./record.ts";
import { renderReport } from "./report.ts";
import {
  classesCsv,
  classifiersCsv,
  conditionsCsv,
  fidelityCsv,
  resultsLatex,
  resultsMarkdown,
} from "./result-tables.ts";
import { classesFigure, comparedConditions } from "./figure-classes.ts";
import { classResults } from "./per-class.ts";
import { realIds, type Excluded } from "./run-data.ts";
import { writeJson, type RunFolder } from "./run-folder.ts";
import type { RunState } from "./run-log.ts";
import { reportOverlap, type TrainingSet } from "./sets.ts";
import type { Spec } from "./spec.ts";
import { trainingSeed, type Evaluation, type TrainingRecord } from "./trainings.ts";

/** One trained classifier's score. */
export interface Scored extends Evaluation {
  readonly condition: ConditionId;
  readonly set: number;
  readonly training: TrainingRecord;
}

/** Everything that a report is made from. */
export interface ReportInputs {
  readonly spec: Spec;
  readonly specHash: string;
  readonly world: Results["world"];
  readonly dataset: Dataset;
  readonly excluded: Excluded;
  readonly productions: ReadonlyMap<ConditionId, readonly ClassProduction[]>;
  readonly audit: Audit | null;
  readonly sets: ReadonlyMap<ConditionId, readonly TrainingSet[]>;
  readonly scored: readonly Scored[];
  readonly fidelity: readonly Fidelity[];
  readonly state: RunState;
  readonly adapter: string;
  readonly commands: readonly string[];
}

/** Pictures of a class and an origin on a contact sheet. */
const sheetPictures = 6;

/** Writes `results.json`, `metrics.jsonl`, `figures/`, `tables/` and `report.html`. @returns the results */
export async function writeReport(folder: RunFolder, inputs: ReportInputs): Promise<Results> {
  const results = resultsOf(inputs);
  const text = (path: string, content: string) => folder.write(path, new TextEncoder().encode(content));
  const sheet = sheetOf(inputs);
  await text(
    "metrics.jsonl",
    metricsOf(inputs)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(""),
  );
  await text("figures/accuracy-dots.svg", dotsFigure(results.conditions, results.chance));
  await text("figures/accuracy-bars.svg", barsFigure(results.conditions, results.chance));
  if (comparedConditions(results.perClass).length > 0)
    await text("figures/classes.svg", classesFigure(results.perClass, results.classes));
  if (sheet !== null) await text("figures/contact-sheet.svg", sheet);
  await text("tables/conditions.csv", conditionsCsv(results));
  await text("tables/classifiers.csv", classifiersCsv(results));
  await text("tables/classes.csv", classesCsv(results));
  await text("tables/fidelity.csv", fidelityCsv(results));
  await text("tables/results.md", resultsMarkdown(results));
  await text("tables/results.tex", resultsLatex(results));
  await text("report.html", renderReport(results, sheet));
  await writeJson(folder, "results.json", results);
  return results;
}

function resultsOf(inputs: ReportInputs): Results {
  const { spec, dataset, state, audit, scored, excluded } = inputs;
  const asked = conditionIds().filter((id) => spec.conditions.includes(id));
  const scores = asked.map((id) => {
    const own = scored.filter(({ condition }) => condition === id).sort((a, b) => a.set - b.set);
    return {
      id,
      accuracy: own.map(({ accuracy }) => accuracy),
      predictions: own.map(({ predictions }) => predictions),
    };
  });
  const labels = Array.from(rowsOfSplit(dataset, "test"), (row) => dataset.samples[row]!.classIndex);
  const names = new Map(dataset.classes.map(({ key, name }) => [key, name]));
  return {
    version: 1,
    name: spec.name,
    specHash: inputs.specHash,
    world: inputs.world,
    spec,
    startedAt: state.startedAt,
    elapsedSeconds: state.elapsedSeconds,
    peakMemoryBytes: state.peakMemoryBytes,
    adapter: inputs.adapter,
    commands: inputs.commands,
    chance: 1 / dataset.classes.length,
    classes: dataset.classes.map(({ key }) => names.get(key)!),
    images: {
      "training (10 %)": dataset.lowData["real-10"].length,
      "training (20 %)": dataset.lowData["real-20"].length,
      validation: rowsOfSplit(dataset, "validation").length,
      test: rowsOfSplit(dataset, "test").length,
    },
    conditions: summarizeConditions(scores),
    audit,
    production: asked.flatMap((id) => productionOf(id, inputs)),
    fidelity: inputs.fidelity,
    perClass: classResults(scores, labels, dataset.classes.length, spec.seed),
    excluded,
    deviations: deviations(spec, inputs.world.name),
  };
}

function productionOf(id: ConditionId, { productions, sets }: ReportInputs): Production[] {
  const classes = productions.get(id);
  if (!classes) return [];
  const funnel: Record<string, number> = {};
  for (const production of classes)
    for (const [step, count] of Object.entries(production.funnel)) funnel[step] = (funnel[step] ?? 0) + count;
  const rejected = classes.map(({ key, funnel: { duplicates = 0 } }) => [key, duplicates] as const);
  return [
    {
      id,
      produced: classes.reduce((sum, { images }) => sum + images.length, 0),
      rejected: Object.fromEntries(rejected.filter(([, count]) => count > 0)),
      funnel,
      overlap: reportOverlap(sets.get(id) ?? []),
    },
  ];
}

/** A line for each epoch and each test score. */
function metricsOf({ scored, spec }: ReportInputs): object[] {
  return scored.flatMap(({ condition, set, accuracy, training }) => {
    const of = { condition, set, seed: trainingSeed(spec, set) };
    return [
      ...training.history.map((log) => ({ ...of, split: "validation", ...log })),
      { ...of, split: "test", epoch: training.bestEpoch, accuracy },
    ];
  });
}

/** The first pictures of each class by origin: real ones, then each method's. */
function sheetOf({ dataset, productions }: ReportInputs): string | null {
  if (productions.size === 0) return null;
  const real = realIds(dataset, "real-10");
  const uris = (images: readonly Image[]): string[] => images.slice(0, sheetPictures).map(pngDataUri);
  const rows = dataset.classes.map(({ key, name }, i): SheetRow => {
    const target = Array.from(rowsOfIds(dataset, real[i]!), (row) => imageAt(dataset.pixels, dataset.resolution, row));
    const made = [...productions.values()].map((classes) => {
      return classes.find((production) => production.key === key)?.images.map(({ image }) => image) ?? [];
    });
    return { label: name, cells: [target, ...made].map(uris) };
  });
  const columns = ["target", ...[...productions.keys()].map((id) => conditionOf(id).label.replace(/^\+ /, ""))];
  return contactSheet(columns, rows);
}
