/** Fewer pictures of each class in a recorded run, where all that its gallery has are more than a page should load. */
import sharp from "sharp";
import { encodePng } from "../data/png.ts";
import { ConfigError } from "../errors.ts";
import type { Gallery } from "../experiment/gallery.ts";
import { mebibytes, mostRecordedBytes } from "../experiment/recorded.ts";

/** A gallery's pictures of a class: those that are recorded, of those that there were. */
export interface PicturesKept {
  readonly kept: number;
  readonly of: number;
}

const galleryPath = "gallery.json";

/**
 * Takes the last pictures of every class from a gallery and its atlases until a run's files are light enough.
 *
 * @param where names the run
 * @param files by path, `gallery.json` and its atlases among them; changed in place
 * @throws ConfigError when they are too large with one picture of a class too
 */
export async function thinGallery(where: string, files: Map<string, Uint8Array>): Promise<PicturesKept> {
  const gallery = JSON.parse(new TextDecoder().decode(files.get(galleryPath))) as Gallery;
  const whole = new Map(atlasesOf(gallery).map((path) => [path, files.get(path)!]));
  const [all, pictures] = [bytesOf(files), bytesOf(whole)];
  if (all <= mostRecordedBytes) return { kept: gallery.columns, of: gallery.columns };
  // A column of tiles takes about as many bytes as another.
  const room = mostRecordedBytes - (all - pictures);
  const most = Math.min(gallery.columns - 1, Math.floor((gallery.columns * room) / pictures));
  for (let columns = most; columns >= 1; columns--) {
    for (const [path, atlas] of whole) files.set(path, await firstColumns(atlas, columns * gallery.tile));
    files.set(galleryPath, new TextEncoder().encode(JSON.stringify(thinned(gallery, columns))));
    if (bytesOf(files) <= mostRecordedBytes) return { kept: columns, of: gallery.columns };
  }
  throw new ConfigError(where, `at most ${mebibytes(mostRecordedBytes)}`, mebibytes(all));
}

const bytesOf = (files: ReadonlyMap<string, Uint8Array>): number =>
  [...files.values()].reduce((sum, { length }) => sum + length, 0);

const atlasesOf = ({ sets }: Gallery): string[] =>
  sets.flatMap(({ atlas, nearestAtlas }) => (nearestAtlas === null ? [atlas] : [atlas, nearestAtlas]));

/** A gallery without the pictures beyond its first columns; how many there were in all stays. */
function thinned(gallery: Gallery, columns: number): Gallery {
  const sets = gallery.sets.map((set) => ({
    ...set,
    classes: set.classes.map((of) => ({ ...of, pictures: of.pictures.slice(0, columns) })),
  }));
  return { ...gallery, columns, sets };
}

/** The left part of a PNG. @param width in pixels */
async function firstColumns(png: Uint8Array, width: number): Promise<Uint8Array> {
  const { height } = await sharp(png).metadata();
  const data = await sharp(png).extract({ left: 0, top: 0, width, height }).removeAlpha().raw().toBuffer();
  return encodePng({ width, height, data });
}
