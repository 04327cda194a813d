/**
 * What is quoted from the paper, each with its place there. The page marks all of it "from the paper" and never mixes it
 * with what a run measured.
 */
import type { ExplainedId } from "./methods.ts";

/** The paper. Abstract, licence and supplement are at `openReview`. */
export const paperCitation = {
  authors: "Max F. Burg, Florian Wenzel, Dominik Zietlow, Max Horn, Osama Makansi, Francesco Locatello, Chris Russell",
  title: "Image retrieval outperforms diffusion models on data augmentation",
  venue: "Transactions on Machine Learning Research",
  year: 2023,
  openReview: "https://openreview.net/forum?id=xflYdGZMpv",
  arXiv: "https://arxiv.org/abs/2304.10253",
  /** What the numbers were read from. */
  readFrom: "the paper's main text; its supplement was not available to this project",
} as const;

/** A mean accuracy of the paper, in per cent. */
export interface PaperNumber {
  readonly mean: number;
  /** Standard error; null where the paper gives none. */
  readonly standardError: number | null;
  /** Classifiers behind it; null where the paper does not say. */
  readonly n: number | null;
  /** Whether the paper says n of this row, or only gives an error that implies it. */
  readonly nStated: boolean;
  readonly place: string;
}

export type PaperSettingId = "imagenet-10" | "imagenet-full" | "caltech-256";

/** One data set on which the paper compares methods. */
export interface PaperSetting {
  readonly id: PaperSettingId;
  readonly title: string;
  /** Pictures that train, before any are added. */
  readonly training: string;
  readonly test: string;
  readonly classes: number;
  /** Classes left out of everything because retrieval found too few pictures for them; null where the paper does not say. */
  readonly excludedClasses: number | null;
  /** Real pictures alone: the row that others are compared with. */
  readonly baseline: PaperNumber;
  /** By condition; null where the paper has no such number. */
  readonly byCondition: Readonly<Record<ExplainedId, PaperNumber | null>>;
}

const numberAt =
  (place: string) =>
  (mean: number, standardError: number, nStated = true): PaperNumber => ({ mean, standardError, n: 5, nStated, place });
const table1 = numberAt("table 1");
const section45 = numberAt("section 4.5");

const none: Readonly<Record<ExplainedId, null>> = {
  "real-10": null,
  boomerang: null,
  "simple-prompt": null,
  "simple-prompt-nows": null,
  "clip-prompts": null,
  sariyildiz: null,
  "ft-conditioning": null,
  "ft-cluster": null,
  imagic: null,
  "textual-inversion": null,
  "pseudoword-dm": null,
  "da-fusion": null,
  retrieval: null,
  "retrieval-diverse": null,
  "retrieve-and-generate": null,
  "real-20": null,
};

const tenPercent = table1(57.2, 0.2, false);

/** The paper's three comparisons, the main one first. */
export const paperSettings: readonly PaperSetting[] = [
  {
    id: "imagenet-10",
    title: "10 % of ImageNet",
    training: "10 % of the training split, 74 to 130 pictures a class, and as many added images",
    test: "the official validation split, 50 pictures a class",
    classes: 990,
    excludedClasses: 10,
    baseline: tenPercent,
    byCondition: {
      ...none,
      "real-10": tenPercent,
      boomerang: table1(56.3, 0.3),
      "simple-prompt": table1(60.1, 0.2),
      "simple-prompt-nows": table1(60.0, 0.3),
      "clip-prompts": table1(60.9, 0.2),
      sariyildiz: table1(60.8, 0.2),
      "ft-conditioning": table1(60.8, 0.1),
      "ft-cluster": table1(60.9, 0.2),
      imagic: table1(61.0, 0.3),
      "textual-inversion": table1(61.0, 0.4),
      "pseudoword-dm": table1(61.2, 0.2),
      retrieval: table1(62.6, 0.1),
      "real-20": table1(70.2, 0.3, false),
    },
  },
  {
    id: "imagenet-full",
    title: "All of ImageNet",
    training: "the training split without the pictures that validate, and as many added images",
    test: "the official validation split, 50 pictures a class",
    classes: 990,
    excludedClasses: 10,
    baseline: { mean: 76.1, standardError: null, n: null, nStated: false, place: "section 4.5" },
    byCondition: {
      ...none,
      "clip-prompts": section45(78.7, 0.1),
      "pseudoword-dm": section45(78.8, 0.2),
      retrieval: section45(79.0, 0.2),
    },
  },
  {
    id: "caltech-256",
    title: "Caltech256",
    training: "a random 80 % of the pictures, and as many added images",
    test: "a random 10 % of the pictures",
    classes: 251,
    excludedClasses: 5,
    baseline: section45(59.3, 0.7, false),
    byCondition: {
      ...none,
      "clip-prompts": section45(68.2, 0.2),
      "pseudoword-dm": section45(68.1, 0.3),
      retrieval: section45(68.4, 0.4),
    },
  },
];

/** A setting by its id. */
export function paperSetting(id: PaperSettingId): PaperSetting {
  return paperSettings.find((setting) => setting.id === id)!;
}

/** A finding in this project's words, and where the paper says it. */
export interface PaperFinding {
  readonly text: string;
  readonly place: string;
}

export const paperFindings: readonly PaperFinding[] = [
  {
    text: "Pictures retrieved from the diffusion model's own training data help a classifier more than generated ones.",
    place: "table 1",
  },
  { text: "Diffusion models that are personalised to the data do better than simpler prompts.", place: "abstract" },
  {
    text: "Boomerang's images are nearly their originals, and accuracy falls below that without them.",
    place: "section 4.2, table 1",
  },
  {
    text: "Most classes gain; some lose, down to about ten points. Retrieval's gains lie further to the right.",
    place: "section 4.5, figure 5A",
  },
  {
    text: "With more added images the gain of generated ones levels off while that of retrieved ones goes on.",
    place: "section 4.5, figure 5B",
  },
  {
    text: "Generated images suffer from class names with two meanings, from too little variety and from a look of their own.",
    place: "sections 4.2 to 4.4",
  },
  { text: "Near-duplicates remain among the retrieved pictures.", place: "section 3.2" },
];

/** What this project noticed in the paper's numbers; not the paper's words. */
export const paperRemarks: readonly string[] = [
  "The 76.1 % without augmentation on all of ImageNet has no error, and equals the published accuracy of torchvision's first ResNet-50 weights (76.13 %, 1000 classes, another schedule). It is probably not a run of the paper's own protocol.",
  "Between the best prompts and the best personalised model of table 1 lies 0.3, hardly more than one standard error of that difference: these numbers alone do not tell the two apart.",
  "The five sets of a method are drawn from one pool and one split, so the errors tell of the draw and of the training, not of another choice of real pictures.",
  "Section 4.4 says that textual inversion gains 0.1 over FT conditioning; table 1 shows 0.2, perhaps by rounding.",
];

/** A difference of two of the paper's means. */
export interface PaperGap {
  /** `a` minus `b`, in points. */
  readonly difference: number;
  /** Of the difference, for independent runs: the root of the sum of both squared errors. */
  readonly standardError: number;
  /** How many such errors the difference is. */
  readonly z: number;
}

/** The difference of two of the paper's numbers, computed here; null where one has no error. */
export function paperGap(a: PaperNumber, b: PaperNumber): PaperGap | null {
  if (a.standardError === null || b.standardError === null) return null;
  const difference = a.mean - b.mean;
  const standardError = Math.hypot(a.standardError, b.standardError);
  return { difference, standardError, z: difference / standardError };
}

/**
 * What a mean over the classes that are left could be over all of them: every picture of the missing classes wrong, or all
 * right. Classes have equally many test pictures.
 *
 * @param mean in per cent, over `classes`
 */
export function withMissingClasses(
  mean: number,
  classes: number,
  missing: number,
): { readonly worst: number; readonly best: number } {
  const worst = (mean * classes) / (classes + missing);
  return { worst, best: worst + (100 * missing) / (classes + missing) };
}
