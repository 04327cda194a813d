/** Colours and marks of the figures. Colour is never the only cue: each family has its own mark and a direct label. */
import type { Family } from "./conditions.ts";

/** How a family looks. */
export interface Look {
  readonly fill: string;
  /** SVG path of the mark, about 12 units across, centred on the origin. */
  readonly mark: string;
  /** Bars are hatched: a bound, not a method. */
  readonly hatched: boolean;
}

const circle = "M-6,0a6,6 0 1,0 12,0a6,6 0 1,0 -12,0Z";
const diamond = "M0,-7.5L7.5,0L0,7.5L-7.5,0Z";
const triangle = "M0,-7L6.7,5L-6.7,5Z";
const square = "M-5.5,-5.5H5.5V5.5H-5.5Z";
const star = "M0,-7.5L1.8,-2.4L7.1,-2.3L2.9,0.9L4.4,6.1L0,3L-4.4,6.1L-2.9,0.9L-7.1,-2.3L-1.8,-2.4Z";
const cross = "M-2,-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z";

/** Text and outlines. */
export const ink = "#1a1a1a";
/** Axis text and rules. */
export const quietInk = "#595959";

/** What the cells of a matrix are filled with, the more opaque the larger. */
export const heat = "#0072B2";

/**
 * The look of each family. Okabe & Ito 2008; every mark has an outline in text colour, because sky blue and orange
 * alone reach a contrast of only 2.3 on white.
 */
export const looks: Readonly<Record<Family, Look>> = {
  real: { fill: "#0072B2", mark: circle, hatched: false },
  "more-real": { fill: "#56B4E9", mark: diamond, hatched: true },
  unconditional: { fill: "#CC79A7", mark: cross, hatched: false },
  prompt: { fill: "#E69F00", mark: triangle, hatched: false },
  personalised: { fill: "#009E73", mark: square, hatched: false },
  retrieval: { fill: "#D55E00", mark: star, hatched: false },
};
