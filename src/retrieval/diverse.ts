/** Choosing among neighbours so that they are like the query and unlike each other. */
import { ConfigError } from "../errors.ts";
import { dot } from "./filters.ts";
import type { Hit, Index } from "./index.ts";

/**
 * Maximal marginal relevance: again and again the hit with the largest
 * `weight · similarity − (1 − weight) · (largest cosine to a chosen one)`; of equal ones the better-ranked.
 *
 * @param hits best first
 * @param index holds their vectors
 * @param count how many to choose; all when there are fewer
 * @param weight of likeness to the query, 0 to 1; 1 keeps the order of the hits
 * @returns in the order in which they were chosen
 * @throws ConfigError when the weight is outside 0 to 1
 *
 * Carbonell and Goldstein 1998, "The use of MMR", equation 1.
 */
export function chooseDiverse(hits: readonly Hit[], index: Index, count: number, weight: number): Hit[] {
  if (!(weight >= 0 && weight <= 1)) throw new ConfigError("diversity weight", "a number from 0 to 1", String(weight));
  const vectors = hits.map(({ id }) => index.vector(id));
  const closest = new Float64Array(hits.length); // largest cosine to a chosen hit; nothing is chosen yet
  const left = new Set(hits.keys());
  const chosen: Hit[] = [];
  while (chosen.length < count && left.size > 0) {
    let [best, bestScore] = [-1, -Infinity];
    for (const i of left) {
      const score = weight * hits[i]!.similarity - (1 - weight) * closest[i]!;
      if (score > bestScore) [best, bestScore] = [i, score];
    }
    left.delete(best);
    const isFirst = chosen.push(hits[best]!) === 1;
    for (const i of left) {
      const cosine = dot(vectors[i]!, vectors[best]!);
      closest[i] = isFirst ? cosine : Math.max(closest[i]!, cosine);
    }
  }
  return chosen;
}
