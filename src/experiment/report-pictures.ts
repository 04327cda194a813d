/** The figures of a run that show its pictures. */
import type { Dataset } from "../data/dataset.ts";
import type { Image } from "../data/image.ts";
import { pngDataUri } from "../data/png.ts";
import { contactSheet, type SheetRow } from "./contact-sheet.ts";
import { conditionOf, type ConditionId } from "./conditions.ts";
import { differencePicture, picturesOf, type Differences } from "./differences.ts";
import { comparedConditions } from "./figure-classes.ts";
import { classesAtEnds, type ClassResults } from "./per-class.ts";
import type { ClassProduction } from "./production.ts";
import type { Results } from "./record.ts";
import { points } from "./report-parts.ts";
import { realPictures } from "./run-data.ts";
import type { TrainingSet } from "./sets.ts";

/** Pictures of a class and an origin on the contact sheet. */
const sheetPictures = 6;

/** Classes of the grid, and pictures of each. */
const gridClasses = 6;
const gridPictures = 2;

/** Classes at each end that are shown with pictures: real ones, and added ones. */
const classesAtEnd = 2;
const realAtEnd = 3;
const addedAtEnd = 6;

/** What differences are multiplied by, so that they can be seen. */
const amplification = 5;

/** Figures as SVG text; null where there is nothing to show. */
export interface ReportPictures {
  /** A class a row, an origin a column. */
  readonly sheet: string | null;
  /** A method a row, a class a column: the paper's figure 4. */
  readonly grid: string | null;
  /** Original, Boomerang's version, difference: the paper's figure 3. */
  readonly boomerang: string | null;
  /** The classes that gain and lose most under each condition. */
  readonly ends: ReadonlyMap<ConditionId, string>;
}

/** What they are drawn from. */
export interface PictureInputs {
  readonly dataset: Dataset;
  readonly productions: ReadonlyMap<ConditionId, readonly ClassProduction[]>;
  readonly sets: ReadonlyMap<ConditionId, readonly TrainingSet[]>;
}

/** Draws all of them. */
export function drawPictures(inputs: PictureInputs, { boomerang, perClass }: Results): ReportPictures {
  const { dataset, productions } = inputs;
  const compared = comparedConditions(perClass).filter(({ id }) => productions.has(id));
  return {
    sheet: productions.size === 0 ? null : sheetOf(inputs),
    grid: productions.size === 0 ? null : gridOf(inputs),
    boomerang:
      boomerang === null || boomerang.images === 0 ? null : strips(boomerang, dataset, productions.get("boomerang")!),
    ends: new Map(compared.map((result) => [result.id, endsOf(result, inputs)])),
  };
}

const uris = (images: readonly Image[], count: number): string[] => images.slice(0, count).map(pngDataUri);

const realOf = (dataset: Dataset, classIndex: number): Image[] =>
  realPictures(dataset, classIndex).map(({ image }) => image);

/** An origin of pictures: its title, and those of each class in production order. */
interface Origin {
  readonly title: string;
  readonly images: (classIndex: number) => readonly Image[];
}

/** The real pictures, then each method's. */
function originsOf({ dataset, productions }: PictureInputs): Origin[] {
  const made = [...productions].map(([id, classes]) => ({
    title: conditionOf(id).label.replace(/^\+ /, ""),
    images: (classIndex: number) => classes[classIndex]!.images.map(({ image }) => image),
  }));
  return [{ title: "target", images: (classIndex) => realOf(dataset, classIndex) }, ...made];
}

/** The first pictures of each class by origin. */
function sheetOf(inputs: PictureInputs): string {
  const origins = originsOf(inputs);
  const rows = inputs.dataset.classes.map(({ name }, i): SheetRow => {
    return { label: name, cells: origins.map(({ images }) => uris(images(i), sheetPictures)) };
  });
  return contactSheet(
    origins.map(({ title }) => title),
    rows,
  );
}

/** The same the other way round, of fewer classes and larger. */
function gridOf(inputs: PictureInputs): string {
  const classes = inputs.dataset.classes.slice(0, gridClasses);
  const rows = originsOf(inputs).map(({ title, images }): SheetRow => {
    return { label: title, cells: classes.map((_, i) => uris(images(i), gridPictures)) };
  });
  const labelLetters = Math.max(...rows.map(({ label }) => label.length));
  return contactSheet(
    classes.map(({ name }) => name),
    rows,
    { size: 64, labelLetters },
  );
}

/** The pairs that a comparison names, each a row. */
function strips({ shown }: Differences, dataset: Dataset, productions: readonly ClassProduction[]): string {
  const rows = shown.map(({ classIndex, from, id, difference }): SheetRow => {
    const [original] = picturesOf(dataset, [from]);
    const made = productions[classIndex]!.images.find((image) => image.id === id)!.image;
    const pictures = [original!, made, differencePicture(original!, made, amplification)];
    const note = `${difference.toFixed(1)} grey levels`;
    return { label: dataset.classes[classIndex]!.name, cells: pictures.map((picture) => uris([picture], 1)), note };
  });
  const columns = ["original", "Boomerang", `difference × ${String(amplification)}`];
  return contactSheet(columns, rows, { size: 96 });
}

/** Real pictures of the classes at both ends, and those that the first set adds. */
function endsOf({ id, improvement }: ClassResults, { dataset, productions, sets }: PictureInputs): string {
  const added = sets.get(id)![0]!.classes;
  const rows = classesAtEnds(improvement!, classesAtEnd).map((i): SheetRow => {
    const byId = new Map(productions.get(id)![i]!.images.map((made) => [made.id, made.image]));
    const images = added[i]!.added.slice(0, addedAtEnd).map((name) => byId.get(name)!);
    return {
      label: dataset.classes[i]!.name,
      cells: [uris(realOf(dataset, i), realAtEnd), uris(images, addedAtEnd)],
      note: `${points(improvement![i]!.mean)} points`,
    };
  });
  return contactSheet(["target", "added"], rows);
}
