/** Generation from prompts alone: what differs from method to method is how the prompts are worded. */
import { generateDrafts, severalForEachReal } from "./generated.ts";
import type { Method, ProduceRequest } from "./method.ts";

/** A way to word prompts. */
export interface Prompting {
  /** Of the method: part of every stream of random numbers and of every image's id. */
  readonly id: string;
  /** The prompt of image `sample`; depends on nothing but the request, the seed and the sample. */
  prompt(request: Pick<ProduceRequest, "key" | "name" | "fullName" | "meaning">, seed: number, sample: number): string;
}

/** The method that generates images of such prompts. */
export function promptMethod({ id, prompt }: Prompting): Method {
  return {
    id,
    draws: ["generator"],
    amount: severalForEachReal,
    produce: async (request, sources, options) => {
      const drafts = Array.from({ length: request.count }, (_, sample) => {
        return { prompt: prompt(request, options.seed, sample), sample };
      });
      return await generateDrafts(id, request, drafts, sources, options);
    },
  };
}
