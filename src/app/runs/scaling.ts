/** What a sweep along the number of added images found: the file `sweep.csv` that comes with some runs. */

/** One condition at one number of added images. Accuracies are shares. */
export interface ScalingPoint {
  /** Added images over real ones. */
  readonly ratio: number;
  readonly condition: string;
  /** Trained classifiers. */
  readonly n: number;
  readonly mean: number;
  /** Null for a single classifier. */
  readonly standardError: number | null;
  /** Those that were trained and tested; null in files of earlier versions. */
  readonly classes: number | null;
  readonly classesLeftOut: number;
  /** The mean over all classes if all test images of those left out were named wrong, and right. */
  readonly worst: number;
  readonly best: number;
}

/** The field that such a sweep goes along, the file's first column. */
const ratioPath = "sets.ratio";

/**
 * The points of a sweep's file, in its order.
 *
 * @returns nothing where it went along another field, or several
 */
export function readScaling(file: string): ScalingPoint[] {
  // Along numbers alone no cell is quoted.
  const [head, ...rows] = file
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd().split(","));
  if (head?.[0] !== ratioPath || head[1] !== "condition") return [];
  return rows.map((cells) => {
    const cell = (name: string): string => cells[head.indexOf(name)] ?? "";
    return {
      ratio: Number(cell(ratioPath)),
      condition: cell("condition"),
      n: Number(cell("n")),
      mean: Number(cell("mean")),
      standardError: cell("standard_error") === "" ? null : Number(cell("standard_error")),
      classes: cell("classes") === "" ? null : Number(cell("classes")),
      classesLeftOut: Number(cell("classes_left_out")),
      ...{ worst: Number(cell("worst_case")), best: Number(cell("best_case")) },
    };
  });
}
