/** What is dropped from a list of neighbours before it is used. */
import { ShapeError } from "../errors.ts";
import type { Hit, Index } from "./index.ts";

/** The similarity above which clip-retrieval takes two images for the same. */
export const duplicateThreshold = 0.94;

/**
 * Groups of near-duplicates: the connected components of "more similar than the threshold". Two images that are not
 * alike are in one group when a chain of alike ones joins them.
 *
 * @param vectors unit vectors of one length, best-ranked first
 * @param threshold cosine, strictly greater counts
 * @returns for each vector the position of its group's best-ranked member
 * @throws ShapeError when the lengths differ
 *
 * clip-retrieval clip_back.py `connected_components_dedup` (threshold 0.94).
 */
export function duplicateGroups(vectors: readonly Float32Array[], threshold = duplicateThreshold): number[] {
  const parents = vectors.map((_, i) => i);
  const rootOf = (i: number): number => {
    let root = i;
    while (parents[root]! !== root) root = parents[root]!;
    while (parents[i]! !== root) [i, parents[i]] = [parents[i]!, root];
    return root;
  };
  vectors.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      const [x, y] = [rootOf(i), rootOf(j)];
      // The lower position stays the root, so a group's root is its best-ranked member.
      if (x !== y && dot(a, vectors[j]!) > threshold) parents[Math.max(x, y)] = Math.min(x, y);
    }
  });
  return parents.map((_, i) => rootOf(i));
}

/**
 * The hits that are their group's best-ranked member, in rank order.
 *
 * @param hits best first
 * @param index holds their vectors
 * @param threshold cosine, strictly greater counts
 */
export function dropDuplicates(hits: readonly Hit[], index: Index, threshold = duplicateThreshold): Hit[] {
  const groups = duplicateGroups(
    hits.map(({ id }) => index.vector(id)),
    threshold,
  );
  return hits.filter((_, i) => groups[i] === i);
}

/** The dot product: of unit vectors, the cosine. @throws ShapeError when the lengths differ */
export function dot(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new ShapeError("dot product", [a.length], [b.length]);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
