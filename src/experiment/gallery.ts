/** What a page shows of a run beside its results: pictures of each origin in atlases, and who was taken for whom. */
import type { Dataset } from "../data/dataset.ts";
import type { Image } from "../data/image.ts";
import { encodePng } from "../data/png.ts";
import { ShapeError } from "../errors.ts";
import { isFlagged, nearestToShow, type AuditedImage, type NearestHeldOut } from "./audit.ts";
import type { ConditionId } from "./conditions.ts";
import { confusionMatrix } from "./confusion-matrix.ts";
import { picturesOf } from "./differences.ts";
import type { ConditionPredictions } from "./per-class.ts";
import type { ClassProduction } from "./production.ts";
import type { AuditMeasure } from "./record.ts";
import { realPictures } from "./run-data.ts";

/** Tiles of a class in an atlas. */
const defaultColumns = 10;

/** Red, green and blue of a tile without a picture. */
const blank = 24;

/** A picture of the gallery: tile `column` of its class's row in its atlas. */
export interface GalleryPicture {
  /** Unique within its set and class. */
  readonly id: string;
  /** As the method gave it: prompt, sample and seed, or similarity and rank; empty for real pictures. */
  readonly provenance: Readonly<Record<string, unknown>>;
  /** Whether the leak audit took it for a copy of a held-out picture; absent where it was not audited. */
  readonly flagged?: boolean;
  /** The nearest held-out picture, which is the same tile of `nearestAtlas`. */
  readonly nearest?: NearestHeldOut;
}

/** The pictures of one origin. */
export interface GallerySet {
  /** `target` for the real training pictures, or the condition whose method made them. */
  readonly id: string;
  /** The atlas's path in the run's folder. */
  readonly atlas: string;
  /** That of the nearest held-out pictures; null where nothing was audited. */
  readonly nearestAtlas: string | null;
  /** In the order of the results' classes; `total` counts the pictures that there are, of which `pictures` are the first. */
  readonly classes: readonly {
    readonly key: string;
    readonly total: number;
    readonly pictures: readonly GalleryPicture[];
  }[];
}

/** The pictures of a run: `gallery.json`. */
export interface Gallery {
  readonly version: 1;
  /** Pixels a side of a tile. */
  readonly tile: number;
  /** Tiles of an atlas's row. */
  readonly columns: number;
  readonly sets: readonly GallerySet[];
}

/** Who was taken for whom on the test set: `confusions.json`. */
export interface Confusions {
  readonly version: 1;
  /** Names, as the results have them. */
  readonly classes: readonly string[];
  /** `matrix[true][predicted]` counts test images, summed over the condition's classifiers. */
  readonly conditions: readonly { readonly id: string; readonly matrix: readonly (readonly number[])[] }[];
}

/** What a gallery is made from. */
export interface GalleryInputs {
  readonly dataset: Dataset;
  /** Per condition with a method, its classes in the dataset's order. */
  readonly productions: ReadonlyMap<ConditionId, readonly ClassProduction[]>;
  /** What the leak audit found of each condition's images. */
  readonly findings: ReadonlyMap<ConditionId, readonly AuditedImage[]>;
  readonly measures: readonly AuditMeasure[];
}

/** A gallery and the PNG files that it names, by path. */
export interface DrawnGallery {
  readonly gallery: Gallery;
  readonly atlases: ReadonlyMap<string, Uint8Array>;
}

/**
 * Draws the first pictures of each class: the real ones, then each method's with the held-out pictures that are nearest.
 *
 * @param columns pictures of a class at most
 */
export function drawGallery(inputs: GalleryInputs, columns = defaultColumns): DrawnGallery {
  const { dataset, productions } = inputs;
  const tile = dataset.resolution;
  const drawn = [targetSet(dataset, columns), ...[...productions.keys()].map((id) => methodSet(id, inputs, columns))];
  const atlases = new Map<string, Uint8Array>();
  for (const { set, images, nearest } of drawn) {
    atlases.set(set.atlas, encodePng(drawAtlas(images, columns, tile)));
    if (set.nearestAtlas !== null) atlases.set(set.nearestAtlas, encodePng(drawAtlas(nearest, columns, tile)));
  }
  return { gallery: { version: 1, tile, columns, sets: drawn.map(({ set }) => set) }, atlases };
}

/** A set with the pictures of its two atlases: [classes][pictures]. */
interface DrawnSet {
  readonly set: GallerySet;
  readonly images: readonly (readonly Image[])[];
  readonly nearest: readonly (readonly Image[])[];
}

function targetSet(dataset: Dataset, columns: number): DrawnSet {
  const real = dataset.classes.map((_, index) => realPictures(dataset, index));
  const classes = real.map((pictures, index) => ({
    key: dataset.classes[index]!.key,
    total: pictures.length,
    pictures: pictures.slice(0, columns).map(({ id }) => ({ id, provenance: {} })),
  }));
  const images = real.map((pictures) => pictures.slice(0, columns).map(({ image }) => image));
  return { set: { id: "target", atlas: "gallery/target.png", nearestAtlas: null, classes }, images, nearest: [] };
}

function methodSet(
  id: ConditionId,
  { dataset, productions, findings, measures }: GalleryInputs,
  columns: number,
): DrawnSet {
  const produced = productions.get(id)!;
  const found = findings.get(id);
  const byImage = new Map(found?.map((finding) => [`${finding.key}/${finding.id}`, finding]));
  const classes = produced.map(({ key, images }) => ({
    key,
    total: images.length,
    pictures: images.slice(0, columns).map(({ id: image, provenance }): GalleryPicture => {
      const finding = byImage.get(`${key}/${image}`);
      const audited = finding && { flagged: isFlagged(finding, measures), nearest: nearestToShow(finding, measures) };
      return { id: image, provenance: { ...provenance }, ...audited };
    }),
  }));
  const nearest = classes.map(({ pictures }) =>
    picturesOf(
      dataset,
      pictures.flatMap((picture) => picture.nearest?.id ?? []),
    ),
  );
  const path = `gallery/${id}`;
  const nearestAtlas = found === undefined ? null : `${path}-nearest.png`;
  const images = produced.map((made) => made.images.slice(0, columns).map(({ image }) => image));
  return { set: { id, atlas: `${path}.png`, nearestAtlas, classes }, images, nearest };
}

/**
 * Pictures side by side, a row each; dark where a row has fewer than there are columns.
 *
 * @param rows [rows][pictures] of `tile` × `tile`, at most `columns` each
 * @throws ShapeError when a picture has another size
 */
export function drawAtlas(rows: readonly (readonly Image[])[], columns: number, tile: number): Image {
  const [width, height] = [columns * tile, rows.length * tile];
  const data = new Uint8Array(width * height * 3).fill(blank);
  rows.forEach((images, row) => {
    images.forEach((image, column) => {
      if (image.width !== tile || image.height !== tile)
        throw new ShapeError("atlas", [tile, tile, 3], [image.height, image.width, 3]);
      for (let y = 0; y < tile; y++)
        data.set(image.data.subarray(y * tile * 3, (y + 1) * tile * 3), ((row * tile + y) * width + column * tile) * 3);
    });
  });
  return { width, height, data };
}

/**
 * Counts for each condition how often a class's test images were taken for each class.
 *
 * @param labels of the test images
 * @param classes names
 * @throws ShapeError when predictions are not as many as labels
 */
export function countConfusions(
  conditions: readonly ConditionPredictions[],
  labels: ArrayLike<number>,
  classes: readonly string[],
): Confusions {
  const counted = conditions.map(({ id, predictions }) => ({
    id,
    matrix: confusionMatrix(labels, predictions, classes.length),
  }));
  return { version: 1, classes, conditions: counted };
}
