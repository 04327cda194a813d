/** Leak audit: which added images may be copies of held-out ones, and from which similarity on one says so. */
import type { Image } from "../data/image.ts";
import type { PoolEntry } from "../data/pool.ts";
import { RandomStream } from "../random.ts";
import { ExactIndex } from "../retrieval/exact.ts";

/** Embeddings of pictures, row by row. */
export interface Embeddings {
  readonly width: number;
  /** [n, width], rows of length 1 */
  readonly rows: Float32Array;
}

/** The nearest held-out picture of one added picture. */
export interface Nearest {
  /** Row among the held-out pictures. */
  readonly row: number;
  /** Cosine. */
  readonly similarity: number;
}

/** A threshold and how well it does on what is known. */
export interface Calibration {
  readonly threshold: number;
  /** Share of the known doubles above the threshold, 0 to 1; null where none are known. */
  readonly recall: number | null;
  /** Pictures that it was calibrated on, and pool pictures that each was held against, at most. */
  readonly singles: number;
  readonly others: number;
  /** Pairs of known doubles that the recall was measured on. */
  readonly doubles: number;
}

/** Pictures of each kind that a calibration looks at, and how many others each is held against, at most. */
const calibrationPictures = 400;
const mostOthers = 1000;

/** Share of pictures that a calibrated threshold flags although all that they are held against is unrelated. */
export const falseAlarms = 0.01;

/** Side of the thumbnails that pixels are compared at. */
const thumbnailSide = 32;

/** Rows of a pool that a calibration looks at: pictures, and a crowd that each of them is held against. */
export interface CalibrationSample {
  /** All rows of the pool, shuffled. */
  readonly order: readonly number[];
  readonly singles: readonly number[];
  readonly crowd: readonly number[];
}

/** The sample of a pool. @param others size of the crowd; less where the pool is small, 1000 at most */
export function calibrationSample(poolSize: number, others: number, seed: number): CalibrationSample {
  const order = Array.from(new RandomStream(seed, "audit calibration").permutation(poolSize));
  const count = Math.min(calibrationPictures, poolSize >> 1);
  const crowd = order.slice(count, count + Math.min(others, mostOthers));
  return { order, singles: order.slice(0, count), crowd };
}

/**
 * Calibrates a similarity on the pool by its false alarms: the threshold is the value that the nearest of the crowd's
 * unrelated pictures exceeds for one picture in a hundred. Doubles that the pool knows do not decide it; the recall is
 * the share of them that it finds. What is a double and not known to be one counts as unrelated and raises it.
 *
 * @param others pictures that an added image is held against in the audit
 * @param embed of pool rows
 * @param areSame whether the pictures of two rows are the same, whatever the pool knows of them
 */
export async function calibrate(
  entries: readonly PoolEntry[],
  others: number,
  seed: number,
  embed: (rows: readonly number[]) => Promise<Embeddings>,
  areSame: (a: number, b: number) => boolean = () => false,
): Promise<Calibration> {
  const { order, singles, crowd } = calibrationSample(entries.length, others, seed);
  const partners = doublePartners(entries, order).slice(0, calibrationPictures);
  const crowdRows = await embed(crowd);
  const singleRows = await embed(singles);
  const alone = singles.map((row, i) => {
    const strangers = crowd.flatMap((other, j) =>
      areRelated(entries[row]!, entries[other]!) || areSame(row, other) ? [] : [j],
    );
    return Math.max(-1, ...strangers.map((j) => cosine(singleRows, i, crowdRows, j)));
  });
  const threshold = quantile(alone, 1 - falseAlarms);
  const left = await embed(partners.map(([a]) => a));
  const right = await embed(partners.map(([, b]) => b));
  const found = partners.filter((_, i) => cosine(left, i, right, i) > threshold).length;
  return {
    threshold,
    recall: partners.length === 0 ? null : found / partners.length,
    singles: singles.length,
    others: crowd.length,
    doubles: partners.length,
  };
}

/** Pairs of pictures of different icons that look the same, one a group, in the given order. */
function doublePartners(entries: readonly PoolEntry[], order: readonly number[]): [number, number][] {
  const waiting = new Map<number, number>();
  const taken = new Set<number>();
  const pairs: [number, number][] = [];
  for (const row of order) {
    const group = entries[row]!.nearDuplicateGroup;
    if (group === null || taken.has(group)) continue;
    const other = waiting.get(group);
    if (other === undefined) waiting.set(group, row);
    else if (entries[other]!.icon !== entries[row]!.icon || entries[other]!.vendor !== entries[row]!.vendor) {
      pairs.push([other, row]);
      taken.add(group);
    }
  }
  return pairs;
}

/** Whether two pictures show one icon or icons that look the same, as far as the pool knows. */
export function areRelated(a: PoolEntry, b: PoolEntry): boolean {
  if (a.icon === b.icon) return true;
  return a.nearDuplicateGroup !== null && a.nearDuplicateGroup === b.nearDuplicateGroup;
}

function cosine(a: Embeddings, i: number, b: Embeddings, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.width; k++) sum += a.rows[i * a.width + k]! * b.rows[j * b.width + k]!;
  return sum;
}

/** The value that a share of the values lies at or below. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 1;
}

/**
 * The nearest held-out picture of each added one.
 *
 * @returns [added rows]; empty where nothing is held out
 */
export async function nearestHeldOut(added: Embeddings, heldOut: Embeddings): Promise<Nearest[]> {
  const hits = await new ExactIndex(heldOut.rows, heldOut.width).search(added.rows, 1);
  return hits.flatMap(([hit]) => (hit ? [{ row: hit.id, similarity: hit.similarity }] : []));
}

/** Pictures as thumbnails of 32 px about their mean, as unit rows: their cosine is the correlation of their pixels. */
export function pixelEmbeddings(count: number, image: (index: number) => Image): Embeddings {
  const width = thumbnailSide * thumbnailSide * 3;
  const rows = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * width, (i + 1) * width);
    writeThumbnail(image(i), row);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    row.forEach((value, k) => (row[k] = value - mean));
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) row.forEach((value, k) => (row[k] = value / length));
  }
  return { width, rows };
}

/** Means over boxes where the picture is larger, the nearest pixel where it is smaller. */
function writeThumbnail({ width, height, data }: Image, out: Float32Array): void {
  for (let y = 0; y < thumbnailSide; y++) {
    const [y0, y1] = boxOf(y, height);
    for (let x = 0; x < thumbnailSide; x++) {
      const [x0, x1] = boxOf(x, width);
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let v = y0; v < y1; v++) for (let u = x0; u < x1; u++) sum += data[(v * width + u) * 3 + c]!;
        out[(y * thumbnailSide + x) * 3 + c] = sum / ((y1 - y0) * (x1 - x0));
      }
    }
  }
}

function boxOf(place: number, size: number): [number, number] {
  const start = Math.floor((place * size) / thumbnailSide);
  return [start, Math.max(start + 1, Math.floor(((place + 1) * size) / thumbnailSide))];
}
