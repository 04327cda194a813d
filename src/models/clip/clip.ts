/** CLIP: both towers and the temperature between them. */
import { constant } from "../../nn/initialisers.ts";
import type { Parameter, Parameters } from "../../nn/parameters.ts";
import type { ClipImageConfig, ClipTextConfig } from "./config.ts";
import { ClipImage } from "./image.ts";
import { ClipText } from "./text.ts";

/** The logarithm of the inverse temperature at the start: ln(1 / 0.07). */
const FIRST_LOGIT_SCALE = Math.log(1 / 0.07);

/**
 * Texts and images in one space.
 *
 * Radford et al. 2021, arXiv:2103.00020; names as transformers' CLIPModel.
 */
export class Clip {
  readonly text: ClipText;
  readonly image: ClipImage;
  /** [1], the logarithm of the inverse temperature. */
  readonly logitScale: Parameter;

  constructor(
    readonly parameters: Parameters,
    readonly config: { readonly text: ClipTextConfig; readonly image: ClipImageConfig },
  ) {
    this.logitScale = parameters.declare("logit_scale", [1], { layout: "scalar", init: constant(FIRST_LOGIT_SCALE) });
    this.text = new ClipText(parameters, config.text);
    this.image = new ClipImage(parameters, config.image);
  }
}
