/** Generation from prompts alone: what differs from method to method is how the prompts are worded. */
import type { Draft, Method, ProduceRequest } from "./method.ts";

/** A way to word prompts. */
export interface Prompting {
  /** Of the method: part of every stream of random numbers and of every image's id. */
  readonly id: string;
  /** The prompt of image `sample`; depends on nothing but the request, the seed and the sample. */
  prompt(request: Pick<ProduceRequest, "key" | "name" | "fullName">, seed: number, sample: number): string;
}

/** The method that generates images of such prompts: `factor` of them for each real one, or more where a set asks for it. */
export function promptMethod({ id, prompt }: Prompting): Method {
  return {
    id,
    draws: ["generator"],
    amount: ({ real, ratio, factor }) => Math.ceil(real * Math.max(ratio, factor)),
    produce: async (request, sources, { seed, signal, onProgress }) => {
      const { count } = request;
      const drafts: Draft[] = Array.from({ length: count }, (_, sample) => {
        return { prompt: prompt(request, seed, sample), sample };
      });
      const onImages = (made: number): void => onProgress?.(made, count);
      const images = await sources.generate(drafts, `${id}/${request.key}`, { seed, signal, onImages });
      if (images.length < count) return undefined;
      return {
        images: images.map((image, sample) => ({
          id: `${id}#${String(sample)}`,
          image,
          provenance: { kind: "generated", prompt: drafts[sample]!.prompt, sample, seed },
        })),
        funnel: { asked: count, kept: count },
        shortfall: 0,
      };
    },
  };
}
