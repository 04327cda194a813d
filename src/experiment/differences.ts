/** What Boomerang changes of the pictures that it starts from: the paper's figure 3. */
import { rowsOfIds, type Dataset } from "../data/dataset.ts";
import { imageAt, type Image } from "../data/image.ts";
import { ShapeError } from "../errors.ts";
import type { ClassProduction } from "./production.ts";
import { mean } from "./statistics.ts";

/** Classes, and images of each, that are shown. */
const shownClasses = 4;
const shownOfClass = 2;

/** An image beside the real picture that it started from. */
export interface Pair {
  /** Number of the class. */
  readonly classIndex: number;
  /** Id of the real picture. */
  readonly from: string;
  /** Id of the image. */
  readonly id: string;
  /** Mean absolute difference over pixels and channels, in grey levels, 0 to 255. */
  readonly difference: number;
}

/** How far images are from the real pictures that they started from, in grey levels. */
export interface Differences {
  /** Images that were compared. */
  readonly images: number;
  /** Mean absolute difference over all of them; null where there are none. */
  readonly mean: number | null;
  /** The same of each class, in their order. */
  readonly byClass: readonly (number | null)[];
  /** The pairs that figures show: the first of the first classes. */
  readonly shown: readonly Pair[];
}

/**
 * Compares every image of a condition with the real picture that its provenance names.
 *
 * @param productions in the order of the dataset's classes
 * @throws MissingError when a real picture is not in the dataset
 */
export function compareWithStarts(dataset: Dataset, productions: readonly ClassProduction[]): Differences {
  const pairs = productions.map(({ images }, classIndex) => {
    const started = images.flatMap(({ id, image, provenance }) => {
      return provenance.kind === "generated" && provenance.from !== undefined
        ? [{ id, image, from: provenance.from }]
        : [];
    });
    const real = picturesOf(
      dataset,
      started.map(({ from }) => from),
    );
    return started.map(({ id, image, from }, i) => {
      return { classIndex, from, id, difference: meanDifference(real[i]!, image) };
    });
  });
  const meanOf = (list: readonly Pair[]): number | null =>
    list.length === 0 ? null : mean(list.map(({ difference }) => difference));
  const all = pairs.flat();
  return {
    images: all.length,
    mean: meanOf(all),
    byClass: pairs.map(meanOf),
    shown: pairs.slice(0, shownClasses).flatMap((list) => list.slice(0, shownOfClass)),
  };
}

/** Pictures of a dataset by their ids. @throws MissingError when there is no such picture */
export function picturesOf(dataset: Dataset, ids: readonly string[]): Image[] {
  return Array.from(rowsOfIds(dataset, ids), (row) => imageAt(dataset.pixels, dataset.resolution, row));
}

/** Mean absolute difference of two pictures over pixels and channels, in grey levels. @throws ShapeError when their sizes differ */
export function meanDifference(a: Image, b: Image): number {
  requireSameSize(a, b);
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length;
}

/**
 * The absolute difference of two pictures as a picture, black where they are the same.
 *
 * @param factor that it is multiplied by, so that it can be seen; what exceeds 255 is cut
 * @throws ShapeError when their sizes differ
 */
export function differencePicture(a: Image, b: Image, factor: number): Image {
  requireSameSize(a, b);
  return { ...a, data: a.data.map((value, i) => Math.min(255, factor * Math.abs(value - b.data[i]!))) };
}

function requireSameSize(a: Image, b: Image): void {
  if (a.width !== b.width || a.height !== b.height)
    throw new ShapeError("difference of pictures", [a.height, a.width, 3], [b.height, b.width, 3]);
}
