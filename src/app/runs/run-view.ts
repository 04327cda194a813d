/** A run as the page shows it, wherever it was made. */
import type { Confusions, Gallery } from "../../experiment/gallery.ts";
import type { EpochLog } from "../../training/classifier.ts";
import type { Results } from "../../experiment/record.ts";
import { readScaling, type ScalingPoint } from "./scaling.ts";

/** Where a run comes from; the page never shows one without saying so. */
export interface RunSource {
  /** `live`: made in this browser; `recorded`: comes with the page; `opened`: from a bundle. */
  readonly kind: "live" | "recorded" | "opened";
  readonly id: string;
  /** The version of the project that made it, where that is known. */
  readonly commit: string | null;
}

/** One classifier's training. */
export interface Curve {
  readonly condition: string;
  readonly set: number;
  /** [epochs] in order; shares from 0 to 1. */
  readonly epochs: readonly Omit<EpochLog, "rate">[];
  /** The epoch whose weights were kept. */
  readonly bestEpoch: number | null;
}

/** A finished run. */
export interface RunView {
  readonly source: RunSource;
  readonly results: Results;
  readonly curves: readonly Curve[];
  /** Null in runs of earlier versions. */
  readonly gallery: Gallery | null;
  readonly confusions: Confusions | null;
  /** Accuracy along the number of added images, from a sweep that came with it; nothing without one. */
  readonly scaling: readonly ScalingPoint[];
  /** Paths of its files. */
  readonly paths: readonly string[];
  /** An address of a file that an `img` or a link can take. @throws MissingError when it has none of that path */
  url(path: string): string;
  /** A file's bytes. @throws MissingError when it has none of that path */
  bytes(path: string): Promise<Uint8Array>;
}

interface MetricLine {
  readonly condition: string;
  readonly set: number;
  readonly split: "validation" | "test";
  readonly epoch: number;
  readonly loss?: number;
  readonly trainAccuracy?: number;
  readonly validationAccuracy?: number;
}

/** The trainings that `metrics.jsonl` tells of, in its order. */
export function readCurves(metrics: string): Curve[] {
  const curves = new Map<
    string,
    { condition: string; set: number; epochs: Curve["epochs"][number][]; best: number | null }
  >();
  for (const line of metrics.split("\n")) {
    if (line === "") continue;
    const { condition, set, split, epoch, loss, trainAccuracy, validationAccuracy } = JSON.parse(line) as MetricLine;
    const key = `${condition}/${set}`;
    const curve = curves.get(key) ?? { condition, set, epochs: [], best: null };
    curves.set(key, curve);
    if (split === "test") curve.best = epoch;
    else if (loss !== undefined && validationAccuracy !== undefined)
      curve.epochs.push({ epoch, loss, ...(trainAccuracy === undefined ? {} : { trainAccuracy }), validationAccuracy });
  }
  return [...curves.values()].map(({ best, ...curve }) => ({ ...curve, bestEpoch: best }));
}

/** What can be asked for the files of a run. */
export type RunFiles = Pick<RunView, "paths" | "url" | "bytes">;

/**
 * Reads a finished run.
 *
 * @throws MissingError when it has no results
 */
export async function readRun(source: RunSource, files: RunFiles): Promise<RunView> {
  const text = async (path: string): Promise<string> => new TextDecoder().decode(await files.bytes(path));
  const json = async (path: string): Promise<unknown> =>
    files.paths.includes(path) ? (JSON.parse(await text(path)) as unknown) : null;
  const textOrNone = (path: string) => (files.paths.includes(path) ? text(path) : "");
  const [results, metrics, sweep, gallery, confusions] = await Promise.all([
    text("results.json"),
    textOrNone("metrics.jsonl"),
    textOrNone("sweep.csv"),
    json("gallery.json"),
    json("confusions.json"),
  ]);
  return {
    ...{ source, paths: files.paths, url: files.url, bytes: files.bytes },
    results: JSON.parse(results) as Results,
    curves: readCurves(metrics),
    gallery: gallery as Gallery | null,
    confusions: confusions as Confusions | null,
    scaling: readScaling(sweep),
  };
}
