/** Training sets: a class's real images with produced ones added to them, or put in their place. */
import { ConfigError } from "../errors.ts";
import { RandomStream } from "../random.ts";
import { meanJaccard } from "./statistics.ts";

/** `union` adds produced images to all the real ones; `replace:0.5` puts them in the place of half of the real ones. */
export type Mix = "union" | `replace:${number}`;

/** What there is of one class: ids, the produced ones best first. */
export interface ClassImages {
  readonly key: string;
  readonly real: readonly string[];
  readonly produced: readonly string[];
}

/** How many sets, and how each is drawn. */
export interface SetsOptions {
  /** Number of sets. */
  readonly n: number;
  readonly seed: number;
  readonly mix: Mix;
  /** Produced images for each real one under `union`; 1 doubles the class. */
  readonly ratio?: number;
  /** `random` draws each set anew; `best` takes the first produced images, so all sets are the same. */
  readonly draw?: "random" | "best";
}

/** One class of one set. `shortfall` counts the produced images that were wanted and are not there. */
export interface SetClass {
  readonly key: string;
  readonly real: readonly string[];
  readonly added: readonly string[];
  readonly shortfall: number;
}

/** One training set; its index is also the training seed. */
export interface TrainingSet {
  readonly index: number;
  readonly classes: readonly SetClass[];
}

/** What a reader must know of the sets before trusting their spread. */
export interface SetsOverlap {
  /** Mean share of added images that two sets have in common; 1 when they are equal; null for a single set. */
  readonly meanJaccard: number | null;
  /** Different added images over all sets. */
  readonly distinct: number;
  /** Wanted but missing images by class, classes without a shortfall left out; the same in every set. */
  readonly shortfall: Readonly<Record<string, number>>;
}

/**
 * Draws the training sets: without replacement inside a set, independent between sets and classes, so a set does not
 * depend on how many others are drawn.
 *
 * @throws ConfigError when n is not a whole number >= 1, ratio is not > 0, or the mix is not one of `Mix`
 *
 * Burg et al. 2023, section 3: five sets, each with as many added images a class as the class has real ones.
 */
export function resampleSets(classes: readonly ClassImages[], options: SetsOptions): TrainingSet[] {
  const { n, ratio = 1 } = options;
  if (!Number.isInteger(n) || n < 1) throw new ConfigError("sets n", "a whole number >= 1", String(n));
  if (!(ratio > 0)) throw new ConfigError("sets ratio", "a number > 0", String(ratio));
  const share = replacedShare(options.mix);
  return Array.from({ length: n }, (_, index) => ({
    index,
    classes: classes.map((images) => drawClass(images, index, share, options)),
  }));
}

/**
 * Share of the real images that a mix replaces; null for `union`.
 *
 * @throws ConfigError when the mix is neither `union` nor `replace:` with a share in (0, 1]
 */
export function replacedShare(mix: string): number | null {
  if (mix === "union") return null;
  const text = /^replace:(\d*\.?\d+)$/.exec(mix)?.[1];
  const share = Number(text);
  if (!(share > 0 && share <= 1)) throw new ConfigError("sets mix", "union or replace:SHARE with 0 < SHARE <= 1", mix);
  return share;
}

function drawClass(images: ClassImages, index: number, share: number | null, options: SetsOptions): SetClass {
  const { key, real, produced } = images;
  const random = new RandomStream(options.seed, `sets/${String(index)}/${key}`);
  const wanted = Math.round(real.length * (share ?? options.ratio ?? 1));
  const order = options.draw === "best" ? produced : random.shuffle(produced);
  const added = order.slice(0, wanted);
  const kept =
    share === null
      ? real
      : random
          .split("real")
          .shuffle(real)
          .slice(0, real.length - wanted);
  return { key, real: kept, added, shortfall: wanted - added.length };
}

/** Overlap and shortfall of sets drawn together. */
export function reportOverlap(sets: readonly TrainingSet[]): SetsOverlap {
  const added = sets.map(
    ({ classes }) => new Set(classes.flatMap(({ key, added: ids }) => ids.map((id) => `${key}/${id}`))),
  );
  const short = (sets[0]?.classes ?? []).filter(({ shortfall }) => shortfall > 0);
  return {
    meanJaccard: added.length < 2 ? null : meanJaccard(added),
    distinct: new Set(added.flatMap((ids) => [...ids])).size,
    shortfall: Object.fromEntries(short.map(({ key, shortfall }) => [key, shortfall])),
  };
}
