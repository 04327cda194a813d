/** Pseudo-words and the denoiser, learned together. */
import { wordMethod } from "./pseudo-words.ts";

/** Words and one denoiser for all classes are learned in the same steps. Burg et al. 2023, section 3.1, method 9. */
export const pseudowordDm = wordMethod("pseudoword-dm");
