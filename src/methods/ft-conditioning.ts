/** FT conditioning: what the denoiser is told of a class is learned from its pictures. */
import { conditioningMethod } from "./conditionings.ts";

/**
 * A class's conditioning, all tokens of it, is learned from its real pictures; the denoiser stays as it is.
 *
 * Burg et al. 2023, section 3.1, method 5.
 */
export const ftConditioning = conditioningMethod("ft-conditioning");
