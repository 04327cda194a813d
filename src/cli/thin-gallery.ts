/** Lighter pictures in a recorded run, and then fewer of each class, where its gallery is more than a page should load. */
import sharp from "sharp";
import { ConfigError } from "../errors.ts";
import type { Gallery } from "../experiment/gallery.ts";
import { mebibytes, mostRecordedBytes } from "../experiment/recorded.ts";

/** A gallery's pictures of a class: those that are recorded, of those that there were. */
export interface PicturesKept {
  readonly kept: number;
  readonly of: number;
  /** Whether they are JPEG: for the eye alike, bit for bit not. */
  readonly lossy: boolean;
}

const galleryPath = "gallery.json";

/** Full colour at every pixel, since pictures of 32 pixels are shown enlarged; its blocks of 8 do not cross their borders. */
const jpeg = { quality: 90, chromaSubsampling: "4:4:4", mozjpeg: true } as const;

/**
 * Makes a gallery and its atlases light enough for a recorded run: as they are where there is room, else as JPEG, else without
 * the last pictures of every class.
 *
 * @param where names the run
 * @param files by path, `gallery.json` and its atlases among them; changed in place
 * @throws ConfigError when they are too large with one picture of a class too
 */
export async function thinGallery(where: string, files: Map<string, Uint8Array>): Promise<PicturesKept> {
  const gallery = JSON.parse(new TextDecoder().decode(files.get(galleryPath))) as Gallery;
  const whole = new Map(atlasesOf(gallery).map((path) => [path, files.get(path)!]));
  const all = bytesOf(files);
  const lossy = [...whole.keys()].some((path) => path.endsWith(jpegEnding));
  if (all <= mostRecordedBytes) return { kept: gallery.columns, of: gallery.columns, lossy };
  for (const path of whole.keys()) files.delete(path);
  for (let columns = gallery.columns; columns >= 1; columns--) {
    for (const [path, atlas] of whole) files.set(asJpeg(path), await firstColumns(atlas, columns * gallery.tile));
    files.set(galleryPath, new TextEncoder().encode(JSON.stringify(thinned(gallery, columns))));
    if (bytesOf(files) <= mostRecordedBytes) return { kept: columns, of: gallery.columns, lossy: true };
  }
  throw new ConfigError(where, `at most ${mebibytes(mostRecordedBytes)}`, mebibytes(all));
}

const bytesOf = (files: ReadonlyMap<string, Uint8Array>): number =>
  [...files.values()].reduce((sum, { length }) => sum + length, 0);

const atlasesOf = ({ sets }: Gallery): string[] =>
  sets.flatMap(({ atlas, nearestAtlas }) => (nearestAtlas === null ? [atlas] : [atlas, nearestAtlas]));

const jpegEnding = ".jpg";
const asJpeg = (path: string): string => path.replace(/\.\w+$/, jpegEnding);

/** A gallery of JPEG atlases without the pictures beyond its first columns; how many there were in all stays. */
function thinned(gallery: Gallery, columns: number): Gallery {
  const sets = gallery.sets.map((set) => ({
    ...set,
    atlas: asJpeg(set.atlas),
    nearestAtlas: set.nearestAtlas === null ? null : asJpeg(set.nearestAtlas),
    classes: set.classes.map((of) => ({ ...of, pictures: of.pictures.slice(0, columns) })),
  }));
  return { ...gallery, columns, sets };
}

/** The left part of an atlas. @param width in pixels */
async function firstColumns(atlas: Uint8Array, width: number): Promise<Uint8Array> {
  const { height } = await sharp(atlas).metadata();
  return sharp(atlas).extract({ left: 0, top: 0, width, height }).removeAlpha().jpeg(jpeg).toBuffer();
}
