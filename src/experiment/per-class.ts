/** What a condition changes class by class: the paper's figure 5A. */
import { ShapeError } from "../errors.ts";
import { RandomStream } from "../random.ts";
import type { ConditionId } from "./conditions.ts";
import { bootstrapInterval, mean, type Interval } from "./statistics.ts";

/** The base that improvements are counted from. */
const base: ConditionId = "real-10";

/** A condition, class by class. Accuracies are shares, in the order of the run's classes. */
export interface ClassResults {
  readonly id: ConditionId;
  /** Mean over the classifiers. */
  readonly accuracy: readonly number[];
  /**
   * Accuracy minus that with 10 % real, the mean over the paired classifiers, with a 95 % bootstrap interval over the class's
   * test images; null for 10 % real itself and without it.
   */
  readonly improvement: readonly Interval[] | null;
  /** What the class's missed test images are most often taken for: a class's number; null where none is missed. */
  readonly confusedWith: readonly (number | null)[];
}

/** Test predictions of one condition. */
export interface ConditionPredictions {
  readonly id: ConditionId;
  /** A classifier each, by set: the predicted class of every test image. */
  readonly predictions: readonly Uint32Array[];
}

/**
 * Accuracies and improvements of every class.
 *
 * @param labels of the test images
 * @param classes how many there are
 * @param seed of the bootstrap
 * @throws ShapeError when predictions are not as many as labels, or conditions have different numbers of classifiers
 */
export function classResults(
  conditions: readonly ConditionPredictions[],
  labels: ArrayLike<number>,
  classes: number,
  seed: number,
): ClassResults[] {
  const rows = Array.from({ length: classes }, (): number[] => []);
  for (let image = 0; image < labels.length; image++) rows[labels[image]!]!.push(image);
  const hits = new Map(conditions.map(({ id, predictions }) => [id, hitCounts(predictions, labels)]));
  const before = hits.get(base);
  return conditions.map(({ id, predictions }) => {
    const now = hits.get(id)!;
    const classifiers = predictions.length;
    const paired = before && id !== base && classifiers === countOf(conditions, base);
    return {
      id,
      accuracy: rows.map((images) => mean(images.map((image) => now[image]!)) / classifiers),
      improvement: paired
        ? rows.map((images, index) => {
            const random = new RandomStream(seed, `per class/${id}/${String(index)}`);
            // Of whole numbers, so that what cancels leaves zero and no rounding.
            const changes = images.map((image) => now[image]! - before[image]!);
            const { mean: change, low, high } = bootstrapInterval(changes, random);
            return { mean: change / classifiers, low: low / classifiers, high: high / classifiers };
          })
        : null,
      confusedWith: rows.map((images, index) => mostFrequentMiss(images, predictions, index)),
    };
  });
}

const countOf = (conditions: readonly ConditionPredictions[], wanted: ConditionId): number =>
  conditions.find(({ id }) => id === wanted)?.predictions.length ?? 0;

/** Numbers of the classes that gain most and least, the most first; all of them where there are at most twice `count`. */
export function classesAtEnds(improvement: readonly Interval[], count: number): number[] {
  const order = improvement.map((_, index) => index).sort((a, b) => improvement[b]!.mean - improvement[a]!.mean);
  return order.length <= 2 * count ? order : [...order.slice(0, count), ...order.slice(-count)];
}

/** How many classifiers name each image right. */
function hitCounts(predictions: readonly Uint32Array[], labels: ArrayLike<number>): number[] {
  for (const { length } of predictions)
    if (length !== labels.length) throw new ShapeError("per class: predictions", [labels.length], [length]);
  return Array.from(labels, (label, image) => predictions.filter((row) => row[image] === label).length);
}

function mostFrequentMiss(
  images: readonly number[],
  predictions: readonly Uint32Array[],
  label: number,
): number | null {
  const counts = new Map<number, number>();
  for (const row of predictions)
    for (const image of images) if (row[image] !== label) counts.set(row[image]!, (counts.get(row[image]!) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0] ?? null;
}
