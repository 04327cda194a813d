/** Imagic as the paper has it: conditionings and the denoiser are learned together. */
import { conditioningMethod } from "./conditionings.ts";

/**
 * Conditionings and one denoiser for all classes are learned in the same steps. Unlike the original there is no interpolation
 * and no second stage.
 *
 * Burg et al. 2023, section 3.1, method 7; after Kawar et al. 2022, arXiv:2210.09276.
 */
export const imagic = conditioningMethod("imagic");
