/** Boomerang: real pictures noised part of the way and denoised again, without a prompt. */
import type { Method } from "./method.ts";

/**
 * The class's real pictures in turn, each to the mean of its latents, noised with fresh noise to a share of the schedule
 * and back by DDIM with the empty prompt, whose guidance is none.
 *
 * Burg et al. 2023, section 3.1, method 10; Luzi et al. 2022, arXiv:2210.12100.
 */
export const boomerang: Method = {
  id: "boomerang",
  draws: ["generator"],
  amount: ({ real, ratio, factor }) => Math.ceil(real * Math.max(ratio, factor)),
  produce: async ({ classIndex, key, count }, sources, { seed, signal, onProgress }) => {
    const real = sources.realImages(classIndex);
    const drafts = Array.from({ length: count }, (_, sample) => {
      const { id, image } = real[sample % real.length]!;
      return { prompt: "", sample, start: image, from: id };
    });
    const { noiseLevel } = sources.settings.boomerang;
    const onImages = (made: number): void => onProgress?.(made, count);
    const images = await sources.generate(drafts, `boomerang/${key}`, { seed, signal, onImages, noiseLevel });
    if (images.length < count) return undefined;
    return {
      images: images.map((image, i) => {
        const { prompt, sample, from } = drafts[i]!;
        return {
          id: `boomerang#${String(sample)}`,
          image,
          provenance: { kind: "generated", prompt, sample, seed, from },
        };
      }),
      funnel: { asked: count, kept: count },
      shortfall: 0,
    };
  },
};
