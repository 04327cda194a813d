import { join } from "node:path";
import { RandomStream } from "../../src/random.ts";
import type { Sample } from "../../src/data/dataset.ts";
import { drawLowDataSets, splitIcons, type Split } from "../../src/data/splits.ts";
import type { PoolEntry } from "../../src/data/pool.ts";
import { hashOfFiles, type MiniWorldManifest } from "../../src/data/world.ts";
import { sha256 } from "../../src/storage/hash.ts";
import { captionShares, writeCaption, type CaptionShares } from "./captions.ts";
import { classOf, classRules } from "./classes.ts";
import { compose } from "./compose.ts";
import { writeCredits } from "./credits.ts";
import { doublesOfTarget, groupDoubles } from "./doubles.ts";
import { readIcons, type Icon, type IconCollection, type SourceReport } from "./icons.ts";
import { renderIcon, thumbnail } from "./render.ts";

/** What decides a world. */
export interface WorldOptions {
  /** Project folder, with `node_modules`. */
  readonly root: string;
  readonly name: string;
  readonly seed: number;
  /** Side of each picture in pixels: 32, or a multiple. */
  readonly resolution: number;
  readonly poolPicturesPerIcon: number;
  readonly trainPicturesPerIcon: number;
  /** Also of each validation icon. */
  readonly testPicturesPerIcon: number;
  readonly shares: CaptionShares;
  /** What to build from; without it, all of the installed packages. */
  readonly drawings?: IconCollection;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A world in memory: its manifest, and its other files by path. */
export interface BuiltWorld {
  readonly manifest: MiniWorldManifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The default world: 32 px, two pictures a pool icon. */
export const worldDefaults = {
  name: "mini",
  seed: 1,
  resolution: 32,
  poolPicturesPerIcon: 2,
  trainPicturesPerIcon: 6,
  testPicturesPerIcon: 3,
  shares: captionShares,
} as const;

/** Cosine above which two drawings of one concept count as the same. */
const DOUBLE_THRESHOLD = 0.95;
/** Share of concepts whose pool pictures are kept out of pre-training. */
const HELD_OUT_SHARE = 0.03;
const RENDERS_AT_ONCE = 4;

/** An icon with its place in the world and, once drawn, its pictures. */
export interface Plan {
  readonly icon: Icon;
  readonly classIndex: number;
  /** A split of the target, or the pool. */
  readonly part: Split | "pool";
}

interface Drawn extends Plan {
  readonly pictures: readonly Uint8Array[];
  readonly thumbnail: Float32Array;
}

/**
 * Builds a world. Icons that cannot be drawn are listed in the manifest and left out. Every picture and caption has a random
 * stream of its own, so a world with more pictures an icon begins with the same ones.
 */
export const buildWorld = async (options: WorldOptions): Promise<BuiltWorld> => {
  const { icons, reports } = options.drawings ?? readIcons(join(options.root, "node_modules"));
  const plans = assignParts(icons, options.seed);
  const { drawn, failed } = await drawAll(plans, options);
  const target = drawn.filter(({ part }) => part !== "pool");
  const candidates = drawn.filter(({ part }) => part === "pool");
  const leaking = doublesOfTarget(target, candidates, DOUBLE_THRESHOLD);
  const pool = candidates.filter((item) => !leaking.has(item));
  const groups = groupDoubles(pool, DOUBLE_THRESHOLD);

  const samples = target.flatMap((item) => sampleRows(item));
  const entries = pool.flatMap((item) => poolRows(item, options, groups.get(item) ?? null, pool));
  const lowData = drawLowDataSets(
    samples.filter(({ split }) => split === "train"),
    options.seed,
  );
  const files = new Map<string, Uint8Array>([
    ["target.jsonl", lines(samples)],
    ["target.rgb", joinPictures(target)],
    ["low-data.json", lines([lowData])],
    ["pool.jsonl", lines(entries)],
    ["pool.rgb", joinPictures(pool)],
    ["CREDITS.md", new TextEncoder().encode(writeCredits(options.root, reports))],
  ]);
  const hashes: MiniWorldManifest["files"] = {};
  for (const [path, bytes] of files) hashes[path] = { bytes: bytes.length, sha256: await sha256(bytes) };
  const { name, seed, resolution, shares } = options;
  const manifest: MiniWorldManifest = {
    format: "mini-world/1",
    name,
    seed,
    resolution,
    classes: classRules.map((rule, index) => describeClass(rule, index, target, pool)),
    counts: {
      ...countSplits(samples),
      pool: entries.length,
      poolInClass: entries.filter((entry) => entry.class !== null).length,
      heldOut: entries.filter(({ heldOut }) => heldOut).length,
      real10: lowData["real-10"].length,
      real20: lowData["real-20"].length,
    },
    captionShares: { ...shares },
    nearDuplicates: {
      threshold: DOUBLE_THRESHOLD,
      removedFromPool: leaking.size,
      targetShare: doublesOfTarget(pool, target, DOUBLE_THRESHOLD).size / Math.max(1, target.length),
      poolGroups: new Set(groups.values()).size,
    },
    sources: reports.map(describeSource),
    failed,
    files: hashes,
    hash: await hashOfFiles(hashes),
  };
  return { manifest, files };
};

/** Deals target icons to splits, class by class and at most to the class's cap; concepts outside of the classes go to the pool. */
export const assignParts = (icons: readonly Icon[], seed: number): Plan[] => {
  const plans: Plan[] = [];
  classRules.forEach((rule, classIndex) => {
    const members = icons.filter(({ role, concept }) => role === "target" && classOf(concept) === rule);
    const order = members
      .map((icon) => ({ icon, key: new RandomStream(seed, `cap/${icon.id}`).uniform() }))
      .sort((a, b) => a.key - b.key);
    const kept = new Set(order.slice(0, rule.cap).map(({ icon }) => icon));
    const splits = splitIcons(
      [...kept].map(({ id }) => id),
      seed,
    );
    for (const icon of members) {
      if (kept.has(icon)) plans.push({ icon, classIndex, part: splits.get(icon.id) ?? "train" });
    }
  });
  for (const icon of icons) {
    const rule = classOf(icon.concept);
    if (icon.role === "pool" || rule === null) {
      plans.push({ icon, classIndex: rule ? classRules.indexOf(rule) : -1, part: "pool" });
    }
  }
  return plans;
};

const picturesOf = ({ part }: Plan, options: WorldOptions): number =>
  part === "pool"
    ? options.poolPicturesPerIcon
    : part === "train"
      ? options.trainPicturesPerIcon
      : options.testPicturesPerIcon;

const drawAll = async (
  plans: readonly Plan[],
  options: WorldOptions,
): Promise<{ drawn: Drawn[]; failed: MiniWorldManifest["failed"] }> => {
  const results: (Drawn | { icon: string; reason: string })[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < plans.length; index = next++) {
      results[index] = await draw(plans[index]!, options);
      options.onProgress?.(++done, plans.length);
    }
  };
  await Promise.all(Array.from({ length: RENDERS_AT_ONCE }, work));
  return {
    drawn: results.filter((result) => "pictures" in result),
    failed: results.filter((result) => "reason" in result),
  };
};

const draw = async (plan: Plan, options: WorldOptions): Promise<Drawn | { icon: string; reason: string }> => {
  const { icon } = plan;
  try {
    const master = await renderIcon(icon, 2 * options.resolution);
    const pictures = Array.from({ length: picturesOf(plan, options) }, (_, index) =>
      compose(master, new RandomStream(options.seed, `picture/${icon.id}#${String(index)}`), options.resolution),
    );
    return { ...plan, pictures, thumbnail: thumbnail(master) };
  } catch (error) {
    return { icon: icon.id, reason: error instanceof Error ? error.message : String(error) };
  }
};

const sampleRows = ({ icon, classIndex, part, pictures }: Drawn): Sample[] =>
  part === "pool"
    ? []
    : pictures.map((_, index) => ({
        id: `${icon.id}#${String(index)}`,
        classIndex,
        split: part,
        icon: icon.id,
        vendor: icon.vendor,
      }));

const poolRows = (item: Drawn, options: WorldOptions, group: number | null, pool: readonly Drawn[]): PoolEntry[] => {
  const { icon, classIndex } = item;
  const heldOut = new RandomStream(options.seed, `held-out/${icon.concept.key}`).uniform() < HELD_OUT_SHARE;
  const others = pool.map((other) => other.icon);
  return item.pictures.map((_, index) => {
    const id = `${icon.id}#${String(index)}`;
    const stream = new RandomStream(options.seed, `caption/${id}`);
    const { caption, kind } = writeCaption(icon, others, stream, options.shares);
    return {
      id,
      caption,
      captionKind: kind,
      icon: icon.id,
      vendor: icon.vendor,
      class: classRules[classIndex]?.key ?? null,
      nearDuplicateGroup: group,
      heldOut,
    };
  });
};

const lines = (rows: readonly unknown[]): Uint8Array =>
  new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

const joinPictures = (items: readonly Drawn[]): Uint8Array => {
  const pictures = items.flatMap((item) => item.pictures);
  const out = new Uint8Array(pictures.reduce((sum, picture) => sum + picture.length, 0));
  let at = 0;
  for (const picture of pictures) {
    out.set(picture, at);
    at += picture.length;
  }
  return out;
};

const countSplits = (samples: readonly Sample[]): Record<Split, number> => {
  const counts = { train: 0, validation: 0, test: 0 };
  for (const { split } of samples) counts[split]++;
  return counts;
};

const describeClass = (
  { key, name }: { readonly key: string; readonly name: string },
  index: number,
  target: readonly Drawn[],
  pool: readonly Drawn[],
): MiniWorldManifest["classes"][number] => {
  const members = target.filter(({ classIndex }) => classIndex === index);
  const count = (part: Split): number => members.filter((item) => item.part === part).length;
  const inPool = pool.filter(({ classIndex }) => classIndex === index).length;
  return {
    key,
    name,
    icons: { train: count("train"), validation: count("validation"), test: count("test"), pool: inPool },
  };
};

const describeSource = ({
  source,
  version,
  icons,
  skipped,
  unmapped,
}: SourceReport): MiniWorldManifest["sources"][number] => ({
  vendor: source.vendor,
  package: source.package,
  version,
  licence: source.licence,
  role: source.role,
  icons,
  skipped,
  unmapped: [...unmapped],
});
