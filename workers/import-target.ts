/** A user's pictures as the target of runs. */
import { gather } from "../src/data/import/gather.ts";
import { labelled, type LabelledSource } from "../src/data/import/labelled.ts";
import { targetPart, withPart, type WorldPart } from "../src/data/import/own-world.ts";
import { splitShares } from "../src/data/splits.ts";
import { isBuiltWorld, type OwnWorldManifest } from "../src/data/world.ts";
import { ConfigError } from "../src/errors.ts";
import type { PictureFile } from "./lab-api.ts";
import type { OpenImages } from "./open-images.ts";
import { sourceOf } from "./picture-files.ts";

/** Classes of a target at most: more take too long to learn in a browser, and cannot be told apart on the page. */
export const mostClasses = 20;

/** What `rog data import` takes without flags: the seed that deals pictures, and the shares of a class. */
const dealing = { seed: 1, shares: splitShares, lowData: 0.1, names: new Map() } as const;

/** Characters of a target's name that are kept. */
const mostCharacters = 60;

/** A target that is not kept yet. */
export interface NewTarget {
  readonly manifest: OwnWorldManifest;
  /** Those that the manifest lists. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Pictures of each class, over all splits. */
  readonly images: readonly number[];
}

/** How an import goes. */
export interface ImportOptions {
  readonly openImages: () => Promise<OpenImages>;
  /** Pixels a side of every picture: what the networks take. */
  readonly resolution: number;
  /** Told how many files were read. */
  readonly onFile?: ((count: number) => void) | undefined;
}

/**
 * Reads, decodes and deals a user's pictures, as `rog data import` does. Nothing is kept.
 *
 * @param name what they are called; errors name them by it
 * @throws ConfigError when they are of more than 20 classes, or are no folder and no archive
 * @throws FormatError naming the file or class that is wrong, when an archive is refused, pictures have no classes, or a class
 *   has too few; MissingError, AdapterError when the browser cannot decode pictures
 */
export async function importTarget(
  given: readonly PictureFile[],
  name: string,
  { openImages, resolution, onFile }: ImportOptions,
): Promise<NewTarget> {
  const where = name.trim().slice(0, mostCharacters) || "pictures";
  const { files, leftOut } = sourceOf(given, where);
  const images = await openImages();
  try {
    const gathered = await gather(files, images, { resolution, where, ...(onFile ? { onFile } : {}) });
    const source = await labelled(gathered, images, { resolution, where });
    checkClasses(source, where);
    const part = await targetPart(source, { where, resolution, ...dealing });
    const whole = { ...part, leftOut: [...leftOut, ...gathered.leftOut, ...part.leftOut] };
    const of = { name: ownName(where), resolution, source: where, layout: source.layout };
    const manifest = await withPart(undefined, "target", whole, of);
    return { manifest, files: part.files, images: imagesOf(part) };
  } finally {
    images.close();
  }
}

/** A name that no built world has, whose name says what a run is of. */
function ownName(name: string): string {
  return isBuiltWorld(name) ? `own ${name}` : name;
}

function checkClasses({ pictures }: LabelledSource, where: string): void {
  const { size } = new Set(pictures.map(({ label }) => label));
  if (size > mostClasses) throw new ConfigError(where, `at most ${String(mostClasses)} classes`, String(size));
}

function imagesOf({ classes = [], files }: WorldPart): readonly number[] {
  const counts = classes.map(() => 0);
  const lines = new TextDecoder().decode(files.get("target.jsonl")).trimEnd().split("\n");
  for (const line of lines) counts[(JSON.parse(line) as { readonly classIndex: number }).classIndex]!++;
  return counts;
}
