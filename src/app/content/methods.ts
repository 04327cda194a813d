/** What the page says of each condition: a sentence, the parts of the pipeline that it lights up, and what it costs. */

/** The conditions that the page explains, in the order of every table. */
export const explainedIds = [
  "real-10",
  "boomerang",
  "simple-prompt",
  "simple-prompt-nows",
  "clip-prompts",
  "sariyildiz",
  "ft-conditioning",
  "ft-cluster",
  "imagic",
  "textual-inversion",
  "pseudoword-dm",
  "da-fusion",
  "retrieval",
  "retrieval-diverse",
  "retrieve-and-generate",
  "real-20",
] as const;
export type ExplainedId = (typeof explainedIds)[number];

/** Families share a colour and a mark. */
export type ExplainedFamily = "real" | "more-real" | "unconditional" | "prompt" | "personalised" | "retrieval";

/** The parts of the pipeline, from a text to an image: the generator's three, and the two places where real pictures enter. */
export const parts = ["prompt", "conditioning", "denoiser", "start", "pool"] as const;
export type Part = (typeof parts)[number];

/**
 * What a part does while a method's images are made: `fixed` is used as it came, `trained` is used as the method learned it,
 * `unused` has no say. A learned word makes the prompt `trained`; a learned conditioning takes the place of a prompt, which
 * is `unused` then.
 */
export type PartState = "fixed" | "trained" | "unused";

/** What a method costs by its recipe, at the spec's defaults; `Results.costs` holds what a run measured. */
export interface RelativeCost {
  /**
   * For a bar: 0 nothing is computed; 1 a search; 2 less than one whole sampling an image; 3 one whole sampling an image;
   * 4 sampling after learning beside a frozen denoiser; 5 sampling after training the denoiser itself.
   */
  readonly rank: 0 | 1 | 2 | 3 | 4 | 5;
  /** Evaluations of the denoiser for an image; 1 is a whole sampling from a prompt, with guidance. */
  readonly sampling: number;
  /** Rounds through the real pictures at most, of a method that learns by itself. */
  readonly rounds?: number;
  /** `{rounds}` stands for the rounds. */
  readonly reason: string;
}

/** A condition as the page explains it. */
export interface ExplainedMethod {
  readonly id: ExplainedId;
  readonly title: string;
  /** For a reader of sixteen. */
  readonly sentence: string;
  readonly family: ExplainedFamily;
  readonly lit: Readonly<Record<Part, PartState>>;
  /** What is learned, in a few words; null where nothing is. */
  readonly trains: string | null;
  readonly relativeCost: RelativeCost;
  /** As the paper calls it; null for what is not in the paper. */
  readonly paperName: string | null;
  /**
   * Its circled number in the paper's figure 2; null for what has none. Retrieval's follows from the paper's count of eleven
   * methods: the text that was read prints one number twice.
   */
  readonly paperNumber: number | null;
}

const dark = { prompt: "unused", conditioning: "unused", denoiser: "unused", start: "unused", pool: "unused" } as const;
const prompted = { ...dark, prompt: "fixed", conditioning: "fixed", denoiser: "fixed" } as const;

const wholeSampling =
  "Every image takes all steps of the sampler, and guidance evaluates the denoiser twice a step: with the prompt and without it.";
const promptCost: RelativeCost = { rank: 3, sampling: 1, reason: `${wholeSampling} Nothing is learned.` };

/** Every condition, in the order of `explainedIds`. */
export const explainedMethods: readonly ExplainedMethod[] = [
  {
    id: "real-10",
    title: "10 % real",
    sentence:
      "The starting point: a classifier learns from a tenth of the real training pictures and from nothing else.",
    family: "real",
    lit: dark,
    trains: null,
    relativeCost: { rank: 0, sampling: 0, reason: "No images are made." },
    paperName: "10% ImageNet",
    paperNumber: null,
  },
  {
    id: "boomerang",
    title: "Boomerang",
    sentence:
      "A little random noise is laid over a real picture and the diffusion model cleans it off again, without any words: the result looks almost like the original.",
    family: "unconditional",
    lit: { ...dark, denoiser: "fixed", start: "fixed" },
    trains: null,
    relativeCost: {
      rank: 2,
      sampling: 0.2,
      reason:
        "Only the last fifth of the sampler's steps run, because only a fifth of the noise is added. Nothing is learned.",
    },
    paperName: "Boomerang",
    paperNumber: 10,
  },
  {
    id: "simple-prompt",
    title: "Simple prompt",
    sentence:
      "The diffusion model is asked for “A photo of” and the class's name, again and again from new random noise.",
    family: "prompt",
    lit: prompted,
    trains: null,
    relativeCost: promptCost,
    paperName: "Simple prompt",
    paperNumber: 1,
  },
  {
    id: "simple-prompt-nows",
    title: "Simple prompt, no white space",
    sentence:
      "The same prompt with the spaces taken out of the class's name, as in “tigershark”, to see whether the spelling matters.",
    family: "prompt",
    lit: prompted,
    trains: null,
    relativeCost: promptCost,
    paperName: "Simple prompt (no ws)",
    paperNumber: 2,
  },
  {
    id: "clip-prompts",
    title: "CLIP prompts",
    sentence:
      "For each image one of 80 sentences is drawn, such as “a bad photo of a …” or “a drawing of a …”, so that the images differ more.",
    family: "prompt",
    lit: prompted,
    trains: null,
    relativeCost: promptCost,
    paperName: "CLIP prompts",
    paperNumber: 3,
  },
  {
    id: "sariyildiz",
    title: "Prompts of Sarıyıldız et al.",
    sentence:
      "The prompt says more about the class: what kind of thing it is, what a dictionary says of it, several of it at once, or a place around it.",
    family: "prompt",
    lit: prompted,
    trains: null,
    relativeCost: promptCost,
    paperName: "Sariyildiz et al. prompts",
    paperNumber: 4,
  },
  {
    id: "ft-conditioning",
    title: "FT conditioning",
    sentence:
      "No words: the table of numbers that steers the diffusion model, which a prompt would otherwise give, is fine-tuned (FT) to the class's real pictures.",
    family: "personalised",
    lit: { ...dark, conditioning: "trained", denoiser: "fixed" },
    trains: "one conditioning a class",
    relativeCost: {
      rank: 4,
      sampling: 1,
      rounds: 40,
      reason:
        "Up to {rounds} rounds through the real pictures first, for the conditioning alone; then a full run of the sampler for each image.",
    },
    paperName: "FT conditioning",
    paperNumber: 5,
  },
  {
    id: "ft-cluster",
    title: "FT cluster conditioning",
    sentence:
      "The class's real pictures are sorted into groups that look alike, and each group gets fine-tuned (FT) steering numbers of its own.",
    family: "personalised",
    lit: { ...dark, conditioning: "trained", denoiser: "fixed" },
    trains: "one conditioning a group of pictures",
    relativeCost: {
      rank: 4,
      sampling: 1,
      rounds: 40,
      reason:
        "Up to {rounds} rounds through the real pictures, as with FT conditioning: the groups share the class's pictures among them, and each stops learning on its own.",
    },
    paperName: "FT cluster conditioning",
    paperNumber: 6,
  },
  {
    id: "imagic",
    title: "Imagic",
    sentence:
      "The steering numbers of every class and the diffusion model itself are trained together on the real pictures.",
    family: "personalised",
    lit: { ...dark, conditioning: "trained", denoiser: "trained" },
    trains: "one conditioning a class, and the denoiser",
    relativeCost: {
      rank: 5,
      sampling: 1,
      rounds: 8,
      reason:
        "Up to {rounds} rounds through the real pictures that change every weight of the denoiser; then a full run of the sampler for each image.",
    },
    paperName: "Imagic",
    paperNumber: 7,
  },
  {
    id: "textual-inversion",
    title: "Textual inversion",
    sentence:
      "A new, made-up word for the class is learned from its real pictures; ordinary prompts then use that word in place of the name.",
    family: "personalised",
    lit: { ...dark, prompt: "trained", conditioning: "fixed", denoiser: "fixed" },
    trains: "one word a class",
    relativeCost: {
      rank: 4,
      sampling: 1,
      rounds: 40,
      reason:
        "Up to {rounds} rounds through the real pictures first, for a single word; then a full run of the sampler for each image.",
    },
    paperName: "Textual inversion",
    paperNumber: 8,
  },
  {
    id: "pseudoword-dm",
    title: "Pseudo-word and denoiser",
    sentence: "As textual inversion, but the diffusion model itself is trained along with the new words.",
    family: "personalised",
    lit: { ...dark, prompt: "trained", conditioning: "fixed", denoiser: "trained" },
    trains: "one word a class, and the denoiser",
    relativeCost: {
      rank: 5,
      sampling: 1,
      rounds: 40,
      reason:
        "Up to {rounds} rounds through the real pictures that change every weight of the denoiser; then a full run of the sampler for each image.",
    },
    paperName: "Pseudoword+DM",
    paperNumber: 9,
  },
  {
    id: "da-fusion",
    title: "DA-Fusion",
    sentence:
      "Real pictures are noised, some a little and some completely, and cleaned up again while the class's learned word says what they should show.",
    family: "personalised",
    lit: { prompt: "trained", conditioning: "fixed", denoiser: "fixed", start: "fixed", pool: "unused" },
    trains: "one word a class, that of textual inversion",
    relativeCost: {
      rank: 4,
      sampling: 0.625,
      reason:
        "A quarter, a half, three quarters and all of the sampler's steps in turn. Its words are textual inversion's and are learned once for both.",
    },
    paperName: null,
    paperNumber: null,
  },
  {
    id: "retrieval",
    title: "Retrieval",
    sentence:
      "Nothing is drawn: the pictures that the diffusion model learned from are searched for those that match “A photo of” and the class's name best.",
    family: "retrieval",
    lit: { ...dark, prompt: "fixed", pool: "fixed" },
    trains: null,
    relativeCost: {
      rank: 1,
      sampling: 0,
      reason:
        "The pool is turned into vectors once, for all classes; then a class is one search. The denoiser never runs.",
    },
    paperName: "Retrieval",
    paperNumber: 11,
  },
  {
    id: "retrieval-diverse",
    title: "Diverse retrieval",
    sentence: "A search that looks at three times as many matches and picks those that are unlike each other.",
    family: "retrieval",
    lit: { ...dark, prompt: "fixed", pool: "fixed" },
    trains: null,
    relativeCost: {
      rank: 1,
      sampling: 0,
      reason: "A search as in retrieval, for three times as many neighbours, and comparisons among them.",
    },
    paperName: null,
    paperNumber: null,
  },
  {
    id: "retrieve-and-generate",
    title: "Retrieve and generate",
    sentence: "Half of the added images are searched for, the other half are generated from the CLIP prompts.",
    family: "retrieval",
    lit: { ...prompted, pool: "fixed" },
    trains: null,
    relativeCost: {
      rank: 2,
      sampling: 0.5,
      reason:
        "Half of the images are found by a search, the other half take a full run of the sampler each. Nothing is learned.",
    },
    paperName: null,
    paperNumber: null,
  },
  {
    id: "real-20",
    title: "20 % real",
    sentence:
      "The bound: as many more real, labelled pictures are added instead, which somebody who needs more pictures does not have.",
    family: "more-real",
    lit: dark,
    trains: null,
    relativeCost: {
      rank: 0,
      sampling: 0,
      reason: "Nothing is computed, but somebody has to take as many pictures again and label them.",
    },
    paperName: "20% ImageNet",
    paperNumber: null,
  },
];

/** What the page says of a condition; null for one that is not the project's own. */
export function explainedMethod(id: string): ExplainedMethod | null {
  return explainedMethods.find((method) => method.id === id) ?? null;
}
