/** Retrieval that asks for more than it needs and keeps images that are unlike each other. */
import { chooseDiverse } from "../retrieval/diverse.ts";
import type { Method } from "./method.ts";
import { producedOf, retrieval, retrieve } from "./retrieval.ts";

/**
 * As `retrieval`, but chosen by maximal marginal relevance among a few times as many neighbours. Beyond the paper: it asks
 * whether nearness to the prompt or the spread of the added images is what helps.
 */
export const retrievalDiverse: Method = {
  id: "retrieval-diverse",
  draws: ["retrieval"],
  amount: retrieval.amount,
  produce: async (request, sources, options) => {
    const { count } = request;
    const { weight, candidates } = sources.settings["retrieval-diverse"];
    const retrieved = await retrieve(request, Math.ceil(count * candidates), sources, options);
    if (!retrieved) return undefined;
    const chosen = chooseDiverse(retrieved.kept, sources.index, count, weight);
    options.onProgress?.(chosen.length, count);
    return producedOf(chosen, retrieved, count, sources);
  },
};
