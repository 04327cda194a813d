/** Retrieval: the images of the generator's own training data that lie nearest to the class's prompt. */
import { simplePrompt } from "../prompts/templates.ts";
import { dropDuplicates } from "../retrieval/filters.ts";
import type { Retrieved } from "../retrieval/grow.ts";
import { grow } from "../retrieval/grow.ts";
import type { Hit } from "../retrieval/index.ts";
import type { Method, PoolColumns, Produced, ProduceOptions, ProduceRequest, Sources } from "./method.ts";

/** What a retrieval of `target` images found. @returns undefined when the signal stopped it */
export async function retrieve(
  { name }: ProduceRequest,
  target: number,
  sources: Sources,
  { signal }: ProduceOptions,
): Promise<Retrieved | undefined> {
  const { index, retrieval: rule, safety } = sources;
  const query = await sources.embedTexts([simplePrompt(name)]);
  if (signal?.aborted) return undefined;
  return grow({
    target,
    factor: rule.factor,
    rounds: rule.rounds,
    search: async (k) => (await index.search(query, k))[0] ?? [],
    deduplicate: (hits) => dropDuplicates(hits, index, rule.duplicates),
    reject: async ({ id }) => {
      if ((await safety?.blocksRow(id)) === true) return "blocked";
      return columnsReason(sources.poolImage(id).columns, rule);
    },
  });
}

/** Which limit of the retrieval a picture breaks; one that lacks a column breaks none. */
function columnsReason(
  { aesthetics, unsafe }: PoolColumns = {},
  { minAesthetics, maxUnsafe }: Sources["retrieval"],
): string | null {
  if (minAesthetics !== undefined && aesthetics !== undefined && aesthetics < minAesthetics) return "aesthetics";
  if (maxUnsafe !== undefined && unsafe !== undefined && unsafe > maxUnsafe) return "unsafe";
  return null;
}

/** Hits as a production, best first, with the steps from asked to kept. */
export function producedOf(hits: readonly Hit[], retrieved: Retrieved, count: number, sources: Sources): Produced {
  const { asked, found, duplicates, rejected, rounds } = retrieved;
  return {
    images: hits.map(({ id: row, similarity }, rank) => {
      const { id, image, columns } = sources.poolImage(row);
      return { id, image, provenance: { kind: "retrieved", pool: id, similarity, rank, ...columns } };
    }),
    funnel: { asked, found, duplicates, ...rejected, rounds, kept: hits.length },
    shortfall: count - hits.length,
  };
}

/**
 * The nearest pool images of the simple prompt by CLIP, near-duplicates dropped, asking for ever more neighbours until
 * there are enough.
 *
 * Burg et al. 2023, sections 3 and 3.2: of ImageNet as many images a class as the largest class has real ones (130 there),
 * so the sets of smaller classes differ and those of the largest are alike; of Caltech256 as many as the class itself has,
 * and all its sets are alike.
 */
export const retrieval: Method = {
  id: "retrieval",
  draws: ["retrieval"],
  amount: ({ real, largest, ratio, per }) => Math.ceil((per.retrieval === "largest" ? largest : real) * ratio),
  produce: async (request, sources, options) => {
    const { count } = request;
    const retrieved = await retrieve(request, count, sources, options);
    if (!retrieved) return undefined;
    options.onProgress?.(retrieved.kept.length, count);
    return producedOf(retrieved.kept, retrieved, count, sources);
  },
};
