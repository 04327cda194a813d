/** Retrieval: the images of the generator's own training data that lie nearest to the class's prompt. */
import { simplePrompt } from "../prompts/templates.ts";
import { dropDuplicates } from "../retrieval/filters.ts";
import { grow } from "../retrieval/grow.ts";
import type { Method } from "./method.ts";

/**
 * The nearest pool images of the simple prompt by CLIP, near-duplicates dropped, asking for ever more neighbours until
 * there are enough.
 *
 * Burg et al. 2023, section 3.2: as many images a class as the largest class has real ones (130 there), so the sets of
 * smaller classes differ and those of the largest are alike.
 */
export const retrieval: Method = {
  id: "retrieval",
  amount: ({ largest, ratio }) => Math.ceil(largest * ratio),
  produce: async ({ name, count }, sources, { signal, onProgress }) => {
    const query = await sources.embedTexts([simplePrompt(name)]);
    if (signal?.aborted) return undefined;
    const { index, retrieval: rule } = sources;
    const result = await grow({
      target: count,
      factor: rule.factor,
      rounds: rule.rounds,
      search: async (k) => (await index.search(query, k))[0] ?? [],
      deduplicate: (hits) => dropDuplicates(hits, index, rule.duplicates),
    });
    onProgress?.(result.kept.length, count);
    const { asked, found, duplicates, rounds } = result;
    return {
      images: result.kept.map(({ id: row, similarity }, rank) => {
        const { id, image } = sources.poolImage(row);
        return { id, image, provenance: { kind: "retrieved", pool: id, similarity, rank } };
      }),
      funnel: { asked, found, duplicates, rounds, kept: result.kept.length },
      shortfall: result.shortfall,
    };
  },
};
