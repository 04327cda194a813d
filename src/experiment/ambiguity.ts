/** Class ambiguity: what the pool images truly show that lie nearest to a class's query. */
import type { Dataset } from "../data/dataset.ts";
import type { Pool } from "../data/pool.ts";
import { ExactIndex } from "../retrieval/exact.ts";
import { classQueries, type RunWatch } from "./production.ts";
import type { RunNetworks } from "./run-networks.ts";
import type { Spec } from "./spec.ts";

/** Raised when what the unit finds changes for the same inputs. */
const ambiguityVersion = 1;

/** Nearest pool images that are looked at. */
const neighbours = 25;

/** Where a class's nearest pool images land. Shares, 0 to 1, that add up to 1. */
export interface ClassAmbiguity {
  readonly itself: number;
  /** Other classes of the run, all together. */
  readonly otherOfRun: number;
  /** Classes of the world that are not in the run. */
  readonly otherOfWorld: number;
  /** Images that show no class of the world. */
  readonly none: number;
  /** Share of each class of the run, by its number, itself included; those without a hit are left out. */
  readonly hits: readonly { readonly classIndex: number; readonly share: number }[];
}

/** Where the queries of a run's classes land. */
export interface Ambiguity {
  /** Nearest pool images of each class, before near-duplicates are dropped. */
  readonly neighbours: number;
  /** In the order of the run's classes. */
  readonly classes: readonly ClassAmbiguity[];
}

/**
 * Sorts a class's hits by what they truly show.
 *
 * @param own the class's number
 * @param shown key of the class that each hit shows, or null
 * @param keys of the run's classes, in their order
 */
export function classAmbiguity(
  own: number,
  shown: readonly (string | null)[],
  keys: readonly string[],
): ClassAmbiguity {
  const share = (count: number): number => count / Math.max(1, shown.length);
  const counts = keys.map((key) => shown.filter((other) => other === key).length);
  const ofRun = counts.reduce((sum, count) => sum + count, 0);
  const none = shown.filter((key) => key === null).length;
  return {
    itself: share(counts[own]!),
    otherOfRun: share(ofRun - counts[own]!),
    otherOfWorld: share(shown.length - ofRun - none),
    none: share(none),
    hits: counts.flatMap((count, classIndex) => (count === 0 ? [] : [{ classIndex, share: share(count) }])),
  };
}

/** The shares as a matrix: [class that is asked for][class of the run that is shown]. */
export function ambiguityMatrix({ classes }: Ambiguity): number[][] {
  return classes.map(({ hits }) => {
    const row = classes.map(() => 0);
    for (const { classIndex, share } of hits) row[classIndex] = share;
    return row;
  });
}

/** Whether it is known of a pool what its images show. */
export const knowsClasses = ({ entries }: Pool): boolean => entries.some((entry) => entry.class !== null);

/** What the analyses of a run need of it. */
export interface AnalysisInputs {
  readonly spec: Spec;
  readonly dataset: Dataset;
  readonly networks: RunNetworks;
  /** Hashes of world, networks and device. */
  readonly hashes: readonly string[];
  readonly watch: RunWatch;
}

/**
 * Asks the pool for every class as retrieval does, and looks at what comes.
 *
 * @param pooled CLIP embeddings of the pool [n, width]
 * @returns undefined when it was stopped
 */
export async function analyzeAmbiguity(
  { spec, dataset, networks, hashes, watch }: AnalysisInputs,
  pool: Pool,
  pooled: Float32Array,
): Promise<Ambiguity | undefined> {
  const keys = dataset.classes.map(({ key }) => key);
  const queries = classQueries(dataset, spec);
  const decidedBy = [ambiguityVersion, neighbours, keys, queries, hashes];
  const unit = await watch.stages.unit("analyze", "ambiguity", decidedBy, async () => {
    if (watch.signal.aborted) return undefined;
    const index = new ExactIndex(pooled, networks.embeddingWidth);
    const found = await index.search(await networks.embedTexts(queries), neighbours);
    const classes = found.map((hits, own) => {
      const shown = hits.map(({ id }) => pool.entries[id]!.class);
      return classAmbiguity(own, shown, keys);
    });
    return { value: { neighbours: Math.min(neighbours, index.size), classes } };
  });
  return unit?.value;
}
