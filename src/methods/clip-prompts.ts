/** Generation from CLIP's prompt templates: the paper's best prompting method. */
import { drawPrompt } from "../prompts/templates.ts";
import { clipTemplates } from "../prompts/template-lists.ts";
import { RandomStream } from "../random.ts";
import type { Draft, Method } from "./method.ts";

/**
 * Images of prompts that are drawn, each anew and with replacement, from CLIP's 80 templates.
 *
 * Burg et al. 2023, section 3.1; 390 images a class there, three for each real one.
 */
export const clipPrompts: Method = {
  id: "clip-prompts",
  amount: ({ real, ratio, factor }) => Math.ceil(real * Math.max(ratio, factor)),
  produce: async ({ key, name, count }, sources, { seed, signal, onProgress }) => {
    const stream = `clip-prompts/${key}`;
    const drafts = Array.from({ length: count }, (_, sample) => draft(name, seed, stream, sample));
    const onImages = (made: number): void => onProgress?.(made, count);
    const images = await sources.generate(drafts, stream, { seed, signal, onImages });
    if (images.length < count) return undefined;
    return {
      images: images.map((image, sample) => ({
        id: `clip-prompts#${String(sample)}`,
        image,
        provenance: { kind: "generated", prompt: drafts[sample]!.prompt, sample, seed },
      })),
      funnel: { asked: count, kept: count },
      shortfall: 0,
    };
  },
};

function draft(name: string, seed: number, stream: string, sample: number): Draft {
  return {
    prompt: drawPrompt(clipTemplates, name, new RandomStream(seed, `${stream}/prompt/${String(sample)}`)),
    sample,
  };
}
