/** A sweep along the number of added images as lines: one a condition, over common axes. */
import { linearAxis, type Axis } from "../../../experiment/axis.ts";
import type { ScalingPoint } from "../../runs/scaling.ts";

/** A condition along the number of added images. */
export interface ScalingLine {
  readonly condition: string;
  /** By ascending number of images. */
  readonly points: readonly ScalingPoint[];
  /** Whether any class was left out, so that a band is drawn. */
  readonly hasBand: boolean;
}

/** The conditions' lines, in the order of the points. */
export function scalingLines(points: readonly ScalingPoint[]): ScalingLine[] {
  return [...new Set(points.map(({ condition }) => condition))].map((wanted) => {
    const own = points.filter(({ condition }) => condition === wanted).sort((a, b) => a.ratio - b.ratio);
    return { condition: wanted, points: own, hasBand: own.some(({ worst, best }) => worst < best) };
  });
}

/** Numbers of images from none, accuracies as near as all errors and bands allow. @param points at least one */
export function scalingAxes(points: readonly ScalingPoint[]): { readonly x: Axis; readonly y: Axis } {
  const held = points.flatMap(({ mean, standardError, worst, best }) => {
    const error = standardError ?? 0;
    return [mean - error, mean + error, worst, best];
  });
  return {
    x: linearAxis(0, Math.max(...points.map(({ ratio }) => ratio)), 10),
    y: linearAxis(Math.max(0, Math.min(...held)), Math.min(1, Math.max(...held)), 5),
  };
}
