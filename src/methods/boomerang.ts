/** Boomerang: real pictures noised part of the way and denoised again, without a prompt. */
import { generateDrafts, severalForEachReal } from "./generated.ts";
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
  amount: severalForEachReal,
  produce: async (request, sources, options) => {
    const real = sources.realImages(request.classIndex);
    const drafts = Array.from({ length: request.count }, (_, sample) => {
      const { id, image } = real[sample % real.length]!;
      return { prompt: "", sample, start: image, from: id };
    });
    return await generateDrafts("boomerang", request, drafts, sources, options, sources.settings.boomerang);
  },
};
