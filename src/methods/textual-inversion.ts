/** Textual inversion: a new word for a class is learned from its pictures. */
import { wordMethod } from "./pseudo-words.ts";

/**
 * A new token's embedding is learned for each class; everything else stays as it is.
 *
 * Burg et al. 2023, section 3.1, method 8; Gal et al. 2022, arXiv:2208.01618.
 */
export const textualInversion = wordMethod("textual-inversion");
