import { RandomStream } from "../random.ts";

/** Which part of the target dataset a picture belongs to. */
export type Split = "train" | "validation" | "test";

/** Shares of the icons of a class that go to test and to validation; the rest trains. */
export interface SplitShares {
  readonly test: number;
  readonly validation: number;
}

/** A quarter tests, a tenth validates. */
export const splitShares: SplitShares = { test: 0.25, validation: 0.1 };

/** The ids in the order of a number that only the seed, the stream and the id itself decide. */
const hashOrder = (ids: readonly string[], seed: number, stream: string): string[] =>
  ids
    .map((id) => ({ id, key: new RandomStream(seed, `${stream}/${id}`).uniform() }))
    .sort((a, b) => a.key - b.key || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);

/**
 * Deals the icons of one class to the three splits. The order is a hash of each id, so the list's own order does not matter.
 *
 * @param ids distinct names
 * @param shares of the ids, each rounded to whole icons
 */
export const splitIcons = (
  ids: readonly string[],
  seed: number,
  shares: SplitShares = splitShares,
): Map<string, Split> => {
  const order = hashOrder(ids, seed, "split");
  const tests = Math.round(shares.test * ids.length);
  const validations = Math.round(shares.validation * ids.length);
  return new Map(
    order.map((id, rank) => [id, rank < tests ? "test" : rank < tests + validations ? "validation" : "train"]),
  );
};

/** A labelled id. */
export interface Labelled {
  readonly id: string;
  readonly classIndex: number;
}

/**
 * The low-data sets of a world: ids of train pictures. `real-20` is `real-10` and an equal draw that shares nothing with it, or
 * the whole training set where `real-10` is more than half of it.
 */
export interface LowDataSets {
  readonly "real-10": readonly string[];
  readonly "real-20": readonly string[];
}

/**
 * Draws the low-data sets from the full training set, class by class: ⌈share·n⌉ pictures of each class, then as many others;
 * of a share above 1/2, then all others.
 *
 * @param samples the full training set
 * @param share of each class
 * @throws RangeError when two disjoint draws do not fit into a class
 */
export const drawLowDataSets = (samples: readonly Labelled[], seed: number, share = 0.1): LowDataSets => {
  const classes = new Map<number, Labelled[]>();
  for (const sample of samples) {
    const members = classes.get(sample.classIndex);
    if (members) members.push(sample);
    else classes.set(sample.classIndex, [sample]);
  }
  const first: string[] = [];
  const second: string[] = [];
  for (const [classIndex, members] of [...classes].sort(([a], [b]) => a - b)) {
    const count = Math.ceil(share * members.length);
    if (share <= 0.5 && 2 * count > members.length) {
      throw new RangeError(
        `drawLowDataSets: class ${String(classIndex)}: expected at least ${String(2 * count)} samples, got ${String(members.length)}`,
      );
    }
    const order = hashOrder(
      members.map(({ id }) => id),
      seed,
      "low-data",
    );
    first.push(...order.slice(0, count));
    second.push(...order.slice(count, 2 * count));
  }
  return { "real-10": first, "real-20": [...first, ...second] };
};
