/** The stage that holds every added image against the held-out ones. */
import { rowsOfSplit, type Dataset } from "../data/dataset.ts";
import { imageAt, type Image } from "../data/image.ts";
import type { Pool } from "../data/pool.ts";
import { LeakError } from "../errors.ts";
import { sha256 } from "../storage/hash.ts";
import {
  areRelated,
  calibrate,
  calibrationSample,
  falseAlarms,
  nearestHeldOut,
  pixelEmbeddings,
  type Calibration,
  type Embeddings,
  type Nearest,
} from "./leaks.ts";
import type { ClassProduction, RunWatch } from "./production.ts";
import type { Audit, AuditMeasure, ConditionAudit } from "./record.ts";
import type { ConditionId } from "./conditions.ts";
import { heldOutRows, heldOutSplits, rowsAsImages } from "./run-data.ts";
import { withoutImages } from "./run-jobs.ts";
import type { RunNetworks } from "./run-networks.ts";
import type { Spec } from "./spec.ts";

/** Raised when what the stage finds changes for the same inputs. */
const auditVersion = 1;

/** The measures' names, in the order of every list of theirs. */
export const measureNames = ["CLIP image embedding, cosine", "pixels at 32 × 32, correlation"] as const;

/** Pictures as embeddings, one way for each measure. */
type Embed = (count: number, image: (index: number) => Image) => Promise<Embeddings>;

/** Thresholds by the pool, one for each measure. */
export type Calibrations = readonly [Calibration, Calibration];

/**
 * Calibrates both measures on the pool.
 *
 * @param pooled CLIP embeddings of the pool [n, width]
 * @returns undefined when it was stopped
 */
export async function calibrateMeasures(
  pool: Pool,
  pooled: Float32Array,
  others: number,
  seed: number,
  hashes: readonly string[],
  { stages, signal }: RunWatch,
): Promise<Calibrations | undefined> {
  const width = pooled.length / Math.max(1, pool.entries.length);
  const byClip = (rows: readonly number[]): Promise<Embeddings> => {
    const picked = new Float32Array(rows.length * width);
    rows.forEach((row, i) => picked.set(pooled.subarray(row * width, (row + 1) * width), i * width));
    return Promise.resolve({ width, rows: picked });
  };
  const byPixels = (rows: readonly number[]): Promise<Embeddings> =>
    Promise.resolve(pixelEmbeddings(rows.length, (i) => imageAt(pool.pixels, pool.resolution, rows[i]!)));
  const sample = calibrationSample(pool.entries.length, others, seed);
  const digests = await digestsOf(pool, [...sample.singles, ...sample.crowd]);
  const areSame = (a: number, b: number): boolean => digests.get(a) === digests.get(b);
  const hasUnknownTwins = sample.singles.some((a) =>
    sample.crowd.some((b) => areSame(a, b) && !areRelated(pool.entries[a]!, pool.entries[b]!)),
  );
  // Only there does it matter that the same picture is no stranger; elsewhere units of earlier versions still hold.
  const decidedBy = [auditVersion, others, seed, hashes, ...(hasUnknownTwins ? ["the same pictures are related"] : [])];
  const unit = await stages.unit("world", "calibration", decidedBy, async () => {
    const clip = await calibrate(pool.entries, others, seed, byClip, areSame);
    if (signal.aborted) return undefined;
    return { value: [clip, await calibrate(pool.entries, others, seed, byPixels, areSame)] as const };
  });
  if (unit === undefined) return undefined;
  // Units of earlier versions do not say how many others there were.
  const [clip, pixels] = unit.value;
  return [
    { ...clip, others: sample.crowd.length },
    { ...pixels, others: sample.crowd.length },
  ];
}

/** SHA-256 of the pixels of pool rows. */
async function digestsOf({ pixels, resolution }: Pool, rows: readonly number[]): Promise<Map<number, string>> {
  const digest = async (row: number) => [row, await sha256(imageAt(pixels, resolution, row).data)] as const;
  return new Map(await Promise.all(rows.map(digest)));
}

/**
 * The measures of a run: thresholds from the pool, or CLIP's from the spec.
 *
 * @param heldOut pictures that added ones are held against
 */
export function auditMeasures(
  threshold: Spec["audit"]["threshold"],
  calibrations: Calibrations,
  heldOut: number,
): AuditMeasure[] {
  return calibrations.map((calibration, i) => {
    const name = measureNames[i] ?? "";
    const isGiven = i === 0 && threshold !== "calibrate";
    return isGiven
      ? { name, threshold, rule: "given by the spec", recall: null }
      : {
          name,
          threshold: calibration.threshold,
          rule: ruleText(calibration.others, heldOut),
          recall: calibration.recall,
        };
  });
}

function ruleText(others: number, heldOut: number): string {
  const alarms = `a limit on false alarms: the nearest of ${String(others)} unrelated pool pictures exceeds it for ${String(falseAlarms * 100)} in 100`;
  return others < heldOut ? `${alarms}, the nearest of the ${String(heldOut)} held-out ones more often` : alarms;
}

/** One added image and its nearest held-out pictures. */
export interface AuditedImage {
  readonly key: string;
  readonly id: string;
  /** By measure. */
  readonly nearest: readonly { readonly id: string; readonly similarity: number }[];
}

/** Whether an image counts as a copy. */
export function isFlagged(image: AuditedImage, measures: readonly AuditMeasure[]): boolean {
  return flaggingMeasure(image, measures) >= 0;
}

/** The place of the first measure that takes an image for a copy, or -1. */
function flaggingMeasure({ nearest }: AuditedImage, measures: readonly AuditMeasure[]): number {
  return nearest.findIndex(({ similarity }, i) => similarity > measures[i]!.threshold);
}

/** A held-out picture as the one that is nearest to an image. */
export interface NearestHeldOut {
  readonly id: string;
  readonly similarity: number;
  /** The measure's name where it is not the first. */
  readonly measure?: string;
}

/** What is shown beside an image: the nearest picture by the first measure that takes it for a copy, or else by the first. */
export function nearestToShow(image: AuditedImage, measures: readonly AuditMeasure[]): NearestHeldOut {
  const flagging = flaggingMeasure(image, measures);
  const { id, similarity } = image.nearest[Math.max(0, flagging)]!;
  return { id, similarity, ...(flagging > 0 ? { measure: measures[flagging]!.name } : {}) };
}

/** What the audit leaves of the productions, and what it found. */
export interface Audited {
  readonly productions: ReadonlyMap<ConditionId, readonly ClassProduction[]>;
  readonly audit: Audit;
  /** What it found of each image, also of those that it dropped. */
  readonly findings: ReadonlyMap<ConditionId, readonly AuditedImage[]>;
}

/** Audits the methods of a run one by one; the held-out pictures are embedded once, when they are first needed. */
export class LeakAudit {
  #heldOut: Promise<readonly Embeddings[]> | undefined;

  /** @param against the splits whose pictures added ones are held against */
  constructor(
    private readonly dataset: Dataset,
    private readonly networks: RunNetworks,
    private readonly hashes: readonly string[],
    private readonly watch: RunWatch,
    private readonly against = heldOutSplits,
  ) {}

  /**
   * The nearest held-out picture of each image that a method made, by each measure. Where test pictures are among them an
   * event says so.
   *
   * @returns undefined when it was stopped
   */
  async method(id: ConditionId, classes: readonly ClassProduction[]): Promise<readonly AuditedImage[] | undefined> {
    const { stages, signal, onEvent } = this.watch;
    const added = classes.flatMap(({ key, images }) => images.map((made) => ({ key, ...made })));
    const decidedBy = [auditVersion, classes.map(({ hash }) => hash), this.dataset.classes, this.hashes];
    // Units that are held against all splits do not say so, and still hold.
    const splits = this.against.length === heldOutSplits.length ? [] : [this.against];
    const unit = await stages.unit("audit", id, [...decidedBy, ...splits], async () => {
      const tests = this.against.includes("test") ? rowsOfSplit(this.dataset, "test").length : 0;
      if (tests > 0) await onEvent({ event: "test-read", stage: "audit", unit: id, images: tests });
      const heldOut = await (this.#heldOut ??= this.#embedHeldOut());
      const lists: Nearest[][] = [];
      for (const [i, embed] of this.#embeds().entries()) {
        if (signal.aborted) return undefined;
        lists.push(await nearestHeldOut(await embed(added.length, (index) => added[index]!.image), heldOut[i]!));
      }
      const rows = heldOutRows(this.dataset, this.against);
      const named = (index: number) =>
        lists
          .map((list) => list[index]!)
          .map(({ row, similarity }) => {
            return { id: this.dataset.samples[rows[row]!]!.id, similarity };
          });
      return { value: added.map(({ key, id: image }, index) => ({ key, id: image, nearest: named(index) })) };
    });
    return unit?.value;
  }

  /**
   * Audits all methods, and leaves copies out when told to drop them.
   *
   * @returns undefined when it was stopped
   * @throws LeakError when there are copies and they are to fail the run, or nothing else is left of a method's images
   */
  async all(
    produced: ReadonlyMap<ConditionId, readonly ClassProduction[]>,
    measures: readonly AuditMeasure[],
    action: Spec["audit"]["action"],
  ): Promise<Audited | undefined> {
    const conditions = [];
    const productions = new Map<ConditionId, readonly ClassProduction[]>();
    const findings = new Map<ConditionId, readonly AuditedImage[]>();
    for (const [id, classes] of produced) {
      const images = await this.method(id, classes);
      if (images === undefined) return undefined;
      const summary = summarizeAudit(id, images, measures, action);
      // A condition of which nothing is left would be real-10 under another name.
      const isRefused =
        action === "fail" ? summary.flagged > 0 : summary.dropped > 0 && summary.dropped === summary.checked;
      if (isRefused) throw new LeakError(`audit ${id}`, summary.flagged, summary.checked);
      conditions.push(summary);
      const copies = images.filter((image) => action === "drop" && isFlagged(image, measures));
      productions.set(id, withoutImages(classes, copies));
      findings.set(id, images);
    }
    return { productions, findings, audit: { against: this.against, measures, action, conditions } };
  }

  #embeds(): [Embed, Embed] {
    const { networks } = this;
    return [
      async (count, image) => ({ width: networks.embeddingWidth, rows: await networks.embedImages({ count, image }) }),
      (count, image) => Promise.resolve(pixelEmbeddings(count, image)),
    ];
  }

  async #embedHeldOut(): Promise<readonly Embeddings[]> {
    const { count, image } = rowsAsImages(this.dataset, heldOutRows(this.dataset, this.against));
    return Promise.all(this.#embeds().map((embed) => embed(count, image)));
  }
}

/** Counts over the images of one condition. */
export function summarizeAudit(
  id: ConditionId,
  images: readonly AuditedImage[],
  measures: readonly AuditMeasure[],
  action: Spec["audit"]["action"],
): ConditionAudit {
  const flagged = images.filter((image) => isFlagged(image, measures)).length;
  return {
    id,
    checked: images.length,
    flagged,
    dropped: action === "drop" ? flagged : 0,
    highest: measures.map((_, i) => images.reduce((most, { nearest }) => Math.max(most, nearest[i]!.similarity), -1)),
  };
}
