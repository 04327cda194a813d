/** What a run tells of its real training pictures. */
import type { GalleryPicture } from "../../../experiment/gallery.ts";
import type { RunView } from "../../runs/run-view.ts";

/** A class and its real training pictures. */
export interface TargetClass {
  /** As the results have it. */
  readonly name: string;
  /** Pictures that train. */
  readonly total: number;
  /** The first of them. */
  readonly pictures: readonly GalleryPicture[];
}

/** The classes in the order of the results; null where the run kept no pictures. */
export function targetClasses({
  results,
  gallery,
}: Pick<RunView, "results" | "gallery">): readonly TargetClass[] | null {
  const set = gallery?.sets.find(({ id }) => id === "target");
  if (!set) return null;
  return results.classes.map((name, index) => {
    const { total, pictures } = set.classes[index] ?? { total: 0, pictures: [] };
    return { name, total, pictures };
  });
}

/** How unequal classes are. */
export interface Imbalance {
  readonly largest: TargetClass;
  readonly smallest: TargetClass;
  /** Pictures of the largest for each of the smallest; infinite where the smallest has none. */
  readonly ratio: number;
}

/** The largest and the smallest class, the first of several; null without classes. */
export function imbalanceOf(classes: readonly TargetClass[]): Imbalance | null {
  const sorted = bySize(classes);
  const [largest] = sorted;
  const smallest = sorted.find(({ total }) => total === sorted.at(-1)!.total);
  if (!largest || !smallest) return null;
  return { largest, smallest, ratio: largest.total / smallest.total };
}

/** Classes by their number of pictures, the most first. */
export function bySize(classes: readonly TargetClass[]): readonly TargetClass[] {
  return [...classes].sort((a, b) => b.total - a.total);
}
