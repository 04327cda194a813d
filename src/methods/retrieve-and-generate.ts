/** Retrieval and generation side by side: some of a class's images are found, the rest are made. */
import { clipPrompts } from "./clip-prompts.ts";
import { severalForEachReal } from "./generated.ts";
import type { Method, ProducedImage } from "./method.ts";
import { retrieval } from "./retrieval.ts";

/**
 * The best retrieved images and images of CLIP's prompts, dealt out so that any first images hold them in their shares.
 * Beyond the paper: it asks whether the two add up.
 */
export const retrieveAndGenerate: Method = {
  id: "retrieve-and-generate",
  draws: ["retrieval", "generator"],
  amount: severalForEachReal,
  produce: async (request, sources, options) => {
    const { count } = request;
    const { retrieved: share } = sources.settings["retrieve-and-generate"];
    const wanted = Math.round(share * count);
    const none = { images: [], funnel: {}, shortfall: 0 };
    const onProgress = (done: number): void => options.onProgress?.(wanted + done, count);
    const found = wanted === 0 ? none : await retrieval.produce({ ...request, count: wanted }, sources, options);
    const made =
      wanted === count
        ? none
        : await clipPrompts.produce({ ...request, count: count - wanted }, sources, { ...options, onProgress });
    if (!found || !made) return undefined;
    const images = dealt(found.images, made.images);
    const funnel = { ...found.funnel, ...blockedOf([found, made]), retrieved: found.images.length };
    const counts = { ...funnel, generated: made.images.length, kept: images.length };
    return { images, funnel: counts, shortfall: found.shortfall + made.shortfall };
  },
};

/** How many images the filters blocked in both halves, where there are filters. */
function blockedOf(halves: readonly { readonly funnel: Readonly<Record<string, number>> }[]): { blocked?: number } {
  const counts = halves.flatMap(({ funnel }) => funnel["blocked"] ?? []);
  return counts.length === 0 ? {} : { blocked: counts.reduce((sum, count) => sum + count, 0) };
}

/** Both lists in their order, each spread evenly over the whole. */
function dealt(a: readonly ProducedImage[], b: readonly ProducedImage[]): ProducedImage[] {
  const placed = [a, b].flatMap((list) => list.map((image, i) => ({ image, place: (i + 0.5) / list.length })));
  return placed.sort((x, y) => x.place - y.place).map(({ image }) => image);
}
