/** Trainings as curves: the classifiers of each condition, and their mean. */
import type { KeptTraining } from "../../../../workers/lab-api.ts";
import { linearAxis, type Axis } from "../../../experiment/axis.ts";
import type { Curve } from "../../runs/run-view.ts";

/** The trainings of a condition, set by set. */
export interface ConditionCurves {
  readonly id: string;
  readonly sets: readonly Curve[];
}

/** What a curve is of. */
export type Measure = "loss" | "trainAccuracy" | "validationAccuracy";

/** A value of an epoch. */
export interface CurvePoint {
  readonly epoch: number;
  readonly value: number;
}

/** A training that a run has finished, as a curve. */
export function curveOf({ condition, set, history, bestEpoch }: KeptTraining): Curve {
  return { condition, set, epochs: history, bestEpoch };
}

/** A training that goes on, as a curve whose kept epoch is the best yet. @param name such as `retrieval/set-0` */
export function goingCurve(name: string, epochs: Curve["epochs"]): Curve | null {
  const parts = /^(.+)\/set-(\d+)$/.exec(name);
  if (!parts) return null;
  const best = epochs.reduce<Curve["epochs"][number] | null>(
    (found, log) => (found && found.validationAccuracy >= log.validationAccuracy ? found : log),
    null,
  );
  return { condition: parts[1]!, set: Number(parts[2]), epochs, bestEpoch: best?.epoch ?? null };
}

/** Curves by condition. @param ids in the order to show them; those without curves get none */
export function byCondition(curves: readonly Curve[], ids: readonly string[]): readonly ConditionCurves[] {
  return ids.map((id) => {
    const sets = curves.filter(({ condition }) => condition === id).sort((a, b) => a.set - b.set);
    return { id, sets };
  });
}

/** A measure over a training's epochs. */
export function pointsOf({ epochs }: Curve, measure: Measure): readonly CurvePoint[] {
  return epochs
    .map((log) => ({ epoch: log.epoch, value: log[measure] ?? NaN }))
    .filter(({ value }) => Number.isFinite(value));
}

/**
 * The mean over the sets, as far as all of them were trained: from where the first stops on, a mean over the rest would be
 * one of other classifiers.
 */
export function meanPoints(sets: readonly Curve[], measure: Measure): readonly CurvePoint[] {
  const all = sets.map((curve) => new Map(pointsOf(curve, measure).map(({ epoch, value }) => [epoch, value])));
  return [...(all[0]?.keys() ?? [])].flatMap((epoch) => {
    const values = all.flatMap((points) => points.get(epoch) ?? []);
    if (values.length < all.length) return [];
    return [{ epoch, value: values.reduce((sum, value) => sum + value, 0) / values.length }];
  });
}

/** The point of the kept epoch; null where it is not known. */
export function keptPoint(curve: Curve, measure: Measure): CurvePoint | null {
  return pointsOf(curve, measure).find(({ epoch }) => epoch === curve.bestEpoch) ?? null;
}

/** Mean validation accuracy of the kept epochs; null without any. */
export function meanKept(sets: readonly Curve[]): number | null {
  const values = sets.flatMap((curve) => keptPoint(curve, "validationAccuracy")?.value ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Axes that hold all curves, from zero; both accuracies share one. */
export type CurveAxes = Readonly<Record<"epoch" | Measure, Axis>>;

/** The axes that all conditions share. */
export function axesOf(curves: readonly Curve[]): CurveAxes {
  const most = (measure: Measure): number =>
    curves.flatMap((curve) => pointsOf(curve, measure)).reduce((found, { value }) => Math.max(found, value), 0);
  const epochs = curves.reduce((found, { epochs: all }) => Math.max(found, all.at(-1)?.epoch ?? 0), 0);
  const accuracy = linearAxis(0, Math.max(most("trainAccuracy"), most("validationAccuracy")), 3);
  const epoch = linearAxis(0, Math.max(1, epochs), 4);
  return {
    epoch: { ...epoch, ticks: epoch.ticks.filter((tick) => Number.isInteger(tick)) },
    loss: linearAxis(0, most("loss"), 3),
    ...{ trainAccuracy: accuracy, validationAccuracy: accuracy },
  };
}

/** Points as an SVG path in a square of 100 × 100 whose y axis points down. */
export function pathOf(points: readonly CurvePoint[], x: Axis, y: Axis): string {
  const at = ({ epoch, value }: CurvePoint): string => `${x.at(epoch).toFixed(2)},${(100 - y.at(value)).toFixed(2)}`;
  return points.length === 0 ? "" : `M${points.map(at).join("L")}`;
}
