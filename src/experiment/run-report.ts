/** The last stage of a run: results, metrics, figures and the report. */
import { rowsOfSplit, type Dataset } from "../data/dataset.ts";
import type { Method } from "../methods/method.ts";
import type { Analyses } from "./analysis.ts";
import type { Audited } from "./audit.ts";
import { conditionIds, type ConditionId } from "./conditions.ts";
import { methodCosts } from "./cost.ts";
import { deviations, endedByHand, otherShare, type ClassCounts } from "./deviations.ts";
import { compareWithStarts } from "./differences.ts";
import { ambiguityFigure } from "./figure-ambiguity.ts";
import { classesFigure, comparedConditions } from "./figure-classes.ts";
import { barsFigure, dotsFigure } from "./figures.ts";
import { countConfusions, drawGallery } from "./gallery.ts";
import { classResults, type ConditionPredictions } from "./per-class.ts";
import { poolUnits } from "./pool-embeddings.ts";
import type { ClassProduction } from "./production.ts";
import { summarizeConditions, type Audit, type ConditionScores, type Production, type Results } from "./record.ts";
import { renderReport } from "./report.ts";
import { drawPictures, type ReportPictures } from "./report-pictures.ts";
import {
  ambiguityCsv,
  classesCsv,
  classifiersCsv,
  conditionsCsv,
  costCsv,
  fidelityCsv,
  resultsLatex,
  resultsMarkdown,
} from "./result-tables.ts";
import type { Excluded, RunWorld } from "./run-data.ts";
import { writeJson, type RunFolder } from "./run-folder.ts";
import type { RunState } from "./run-log.ts";
import { readAllUnitTimes } from "./shards.ts";
import { reportOverlap, type TrainingSet } from "./sets.ts";
import type { Selection } from "./selection.ts";
import type { Spec } from "./spec.ts";
import { trainingName, trainingSeed, type Evaluation, type TrainingRecord } from "./trainings.ts";

/** One trained classifier's score. */
export interface Scored extends Evaluation {
  readonly condition: ConditionId;
  readonly set: number;
  readonly training: TrainingRecord;
}

/** Everything that a report is made from. */
export interface ReportInputs extends Analyses {
  readonly spec: Spec;
  /** Checkpoints that were chosen for the spec. */
  readonly selections: readonly Selection[];
  readonly specHash: string;
  readonly world: RunWorld;
  readonly methods: ReadonlyMap<ConditionId, Method>;
  /** The classes that were used. */
  readonly dataset: Dataset;
  readonly excluded: Excluded;
  readonly productions: ReadonlyMap<ConditionId, readonly ClassProduction[]>;
  readonly audit: Audit | null;
  readonly findings: Audited["findings"];
  readonly sets: ReadonlyMap<ConditionId, readonly TrainingSet[]>;
  readonly scored: readonly Scored[];
  readonly state: RunState;
  readonly adapter: string;
  readonly commands: readonly string[];
}

/**
 * Writes `results.json`, `metrics.jsonl`, `confusions.json`, `gallery.json`, `gallery/`, `figures/`, `tables/` and
 * `report.html`.
 *
 * @returns the results
 */
export async function writeReport(folder: RunFolder, inputs: ReportInputs): Promise<Results> {
  const results = resultsOf(inputs, await readAllUnitTimes(folder));
  const text = (path: string, content: string) => folder.write(path, new TextEncoder().encode(content));
  const pictures = drawPictures(inputs, results);
  await text(
    "metrics.jsonl",
    metricsOf(inputs)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(""),
  );
  const confusions = countConfusions(scoresOf(inputs), testLabels(inputs.dataset), results.classes);
  await text("confusions.json", `${JSON.stringify(confusions)}\n`);
  const { gallery, atlases } = drawGallery({ ...inputs, measures: inputs.audit?.measures ?? [] });
  for (const [path, bytes] of atlases) await folder.write(path, bytes);
  await text("gallery.json", `${JSON.stringify(gallery)}\n`);
  for (const [name, svg] of figuresOf(results, pictures)) await text(`figures/${name}.svg`, svg);
  await text("tables/conditions.csv", conditionsCsv(results));
  await text("tables/classifiers.csv", classifiersCsv(results));
  await text("tables/classes.csv", classesCsv(results));
  await text("tables/fidelity.csv", fidelityCsv(results));
  await text("tables/cost.csv", costCsv(results));
  if (results.ambiguity) await text("tables/ambiguity.csv", ambiguityCsv(results.ambiguity, results.classes));
  await text("tables/results.md", resultsMarkdown(results));
  await text("tables/results.tex", resultsLatex(results));
  await text("report.html", renderReport(results, pictures));
  await writeJson(folder, "results.json", results);
  return results;
}

/** Every figure of the run by its name. */
function figuresOf(results: Results, { sheet, grid, boomerang, ends }: ReportPictures): [string, string][] {
  const { conditions, chance, perClass, classes, ambiguity } = results;
  const figures: [string, string | null][] = [
    ["accuracy-dots", dotsFigure(conditions, chance)],
    ["accuracy-bars", barsFigure(conditions, chance)],
    ["classes", comparedConditions(perClass).length === 0 ? null : classesFigure(perClass, classes)],
    ["contact-sheet", sheet],
    ["grid", grid],
    ["boomerang", boomerang],
    ["ambiguity", ambiguity && ambiguityFigure(ambiguity, classes)],
    ...[...ends].map(([id, svg]): [string, string] => [`classes-${id}`, svg]),
  ];
  return figures.flatMap(([name, svg]): [string, string][] => (svg === null ? [] : [[name, svg]]));
}

const askedConditions = ({ conditions }: Spec): ConditionId[] => conditionIds().filter((id) => conditions.includes(id));

/** Accuracies and predictions of each condition's classifiers, by set. */
function scoresOf({ spec, scored }: ReportInputs): (ConditionScores & ConditionPredictions)[] {
  return askedConditions(spec).map((id) => {
    const own = scored.filter(({ condition }) => condition === id).sort((a, b) => a.set - b.set);
    return {
      id,
      accuracy: own.map(({ accuracy }) => accuracy),
      predictions: own.map(({ predictions }) => predictions),
    };
  });
}

/** The true class of each test image. */
const testLabels = (dataset: Dataset): number[] =>
  Array.from(rowsOfSplit(dataset, "test"), (row) => dataset.samples[row]!.classIndex);

function resultsOf(inputs: ReportInputs, times: ReadonlyMap<string, number>): Results {
  const { spec, world, dataset, productions, state, audit, excluded } = inputs;
  const retouched = productions.get("boomerang");
  const searched = productions.size === 0 ? 0 : poolUnits(world.pool);
  const asked = askedConditions(spec);
  const scores = scoresOf(inputs);
  const names = new Map(dataset.classes.map(({ key, name }) => [key, name]));
  return {
    version: 1,
    name: spec.name,
    specHash: inputs.specHash,
    world: { name: world.dataset.name, hash: world.hash },
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
    ambiguity: inputs.ambiguity,
    boomerang: retouched ? compareWithStarts(dataset, retouched) : null,
    costs: methodCosts({ ...inputs, poolUnits: searched }, times),
    perClass: classResults(scores, testLabels(dataset), dataset.classes.length, spec.seed),
    selections: inputs.selections,
    excluded,
    excludedTestImages: Object.fromEntries(Object.keys(excluded).map((key) => [key, testImages(world.dataset, key)])),
    deviations: [
      ...deviations(spec, world.dataset.name),
      ...otherShare(countsOf(dataset), dataset.lowData["real-10"].length),
      ...endedByHand(
        inputs.scored.flatMap((one) => (one.training.endedEarly ? [trainingName(one.condition, one.set)] : [])),
      ),
    ],
  };
}

/** Pictures by class. */
function countsOf({ classes, samples }: Dataset): ClassCounts[] {
  const counts = classes.map(() => ({ train: 0, validation: 0, test: 0 }));
  for (const { split, classIndex } of samples) counts[classIndex]![split]++;
  return counts;
}

/** Test images of a class. */
function testImages({ classes, samples }: Dataset, key: string): number {
  return samples.filter(({ split, classIndex }) => split === "test" && classes[classIndex]!.key === key).length;
}

/** The steps of a funnel that say why images were left out. */
const rejections = ["duplicates", "blocked", "unsafe", "aesthetics"] as const;

function productionOf(id: ConditionId, { productions, sets }: ReportInputs): Production[] {
  const classes = productions.get(id);
  if (!classes) return [];
  const funnel: Record<string, number> = {};
  for (const production of classes)
    for (const [step, count] of Object.entries(production.funnel)) funnel[step] = (funnel[step] ?? 0) + count;
  const rejected = classes.map(({ key, funnel: steps }) => {
    return [key, rejections.reduce((sum, step) => sum + (steps[step] ?? 0), 0)] as const;
  });
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
