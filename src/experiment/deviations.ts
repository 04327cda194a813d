/** Where a run departs from the paper's protocol: what its spec has otherwise than a spec of the paper, in sentences. */
import { isBuiltWorld } from "../data/world.ts";
import { differences } from "./compare.ts";
import { specSchema, type Spec } from "./spec.ts";

/** A sentence where trainings were ended by hand. @param names such as `retrieval/set-0` */
export function endedByHand(names: readonly string[]): string[] {
  return names.length === 0
    ? []
    : [`Trainings that were ended by hand, before their own rule did: ${names.join(", ")}.`];
}

/** Pictures of a class. */
export interface ClassCounts {
  readonly train: number;
  readonly validation: number;
}

/**
 * A sentence where the low-data set is neither the tenth of the training pictures that its name says, nor all of them, as in the
 * paper's second dataset. The paper's tenth is of a set that validation pictures were taken from too.
 *
 * @param chosen pictures of `real-10`
 */
export function otherShare(classes: readonly ClassCounts[], chosen: number): string[] {
  const sum = (of: (counts: ClassCounts) => number): number => classes.reduce((all, one) => all + of(one), 0);
  const all = sum(({ train }) => train);
  // Ten per cent of each class, rounded up.
  const tenths = [({ train }: ClassCounts) => train, ({ train, validation }: ClassCounts) => train + validation].map(
    (of) => sum((counts) => Math.ceil(of(counts) / 10)),
  );
  if (chosen === all || tenths.includes(chosen)) return [];
  return [`"10 % real" is ${chosen} of ${all} training pictures (${((100 * chosen) / all).toFixed(0)} %).`];
}

const learns = { maxEpochs: 40, select: true };

/**
 * The paper's protocol as a spec. Burg et al. 2023, sections 3 to 3.2, of ImageNet; of what it does not state the usual values: the
 * sampler, its steps and its guidance are Stable Diffusion's, and what is not named here has its default in `spec.ts`.
 */
const paper: Spec = specSchema.parse({
  classNames: "without-spaces",
  generator: { sampler: "pndm", steps: 50, guidance: 7.5 },
  production: { factor: 3 },
  sets: { n: 5, ratio: 1, mix: "union", draw: "random" },
  retrieval: { factor: 1.4, rounds: 10, minAesthetics: 5 },
  methods: {
    "ft-conditioning": learns,
    "ft-cluster": { ...learns, clusters: 5 },
    imagic: { ...learns, maxEpochs: 8 },
    "textual-inversion": learns,
    "pseudoword-dm": learns,
  },
  train: {
    net: { depths: [3, 4, 6, 3], width: 64, stem: "imagenet", block: "bottleneck" },
    batch: 256,
    rate: 0.1,
    maxEpochs: 270,
    plateau: { kind: "paper", patience: 10, factor: 0.1 },
    stop: 20,
  },
});

/** Conditions of the paper; the others are beyond it. */
const paperConditions: readonly string[] = [
  ...["real-10", "boomerang", "simple-prompt", "simple-prompt-nows", "clip-prompts", "sariyildiz", "ft-conditioning"],
  ...["ft-cluster", "imagic", "textual-inversion", "pseudoword-dm", "retrieval", "real-20"],
];

/** Methods that learn. */
const learningMethods = ["ft-conditioning", "ft-cluster", "imagic", "textual-inversion", "pseudoword-dm"] as const;

/** A departure in words, of the run's value and the paper's. */
type Phrase = (value: unknown, usual: unknown) => string;

/** Of a value that the paper states. */
const stated =
  (what: string): Phrase =>
  (value, usual) =>
    `${what}: ${valueText(value)} instead of ${valueText(usual)}.`;

/** Of a value that the paper states for both of its datasets; `paper` is of ImageNet. */
const statedForBoth =
  (what: string, caltech256: number): Phrase =>
  (value, usual) =>
    value === caltech256
      ? `${what}: ${valueText(value)}, the paper's for Caltech256, instead of ${valueText(usual)}, which is ImageNet's.`
      : stated(what)(value, usual);

/** Of one that it does not. */
const unstated =
  (what: string): Phrase =>
  (value, usual) =>
    `${what}: ${valueText(value)} instead of the usual ${valueText(usual)}; the paper gives none.`;

/** By the path of a field in the spec. */
const phrases: Readonly<Record<string, Phrase>> = {
  "world.pool": (pictures) => `Of the pool ${valueText(pictures)} pictures are searched, not all.`,
  "sets.n": stated("Sets and classifiers a condition"),
  "sets.ratio": stated("Added images for each real one"),
  "sets.mix": (mix) => `Added images take the place of real ones (${valueText(mix)}) instead of joining them.`,
  "sets.draw": () => "Every set takes the best-ranked images instead of a random draw.",
  "production.factor": stated("Generated images for each real one"),
  "train.rate": statedForBoth("First learning rate", 0.003),
  "train.momentum": unstated("Momentum"),
  "train.weightDecay": unstated("Weight decay"),
  "train.maxEpochs": stated("Epochs at most"),
  "train.plateau.patience": stated("Epochs without a gain before the rate falls"),
  "train.plateau.factor": stated("What the rate is multiplied by then"),
  "train.plateau.kind": () => "The rate falls by PyTorch's rule, an epoch later and for gains above 0.01 % only.",
  "train.stop": stated("Epochs without a gain before training ends"),
  "train.batch": statedForBoth("Batch size", 1024),
  "train.crop.flip": (chance, usual) =>
    chance === 0
      ? "Training pictures are not mirrored: left and right matter here."
      : unstated("Chance of a mirror image in training")(chance, usual),
  "train.crop.smallest": (area) => `Crops keep at least ${valueText(area)} of a picture's area instead of 0.08.`,
  "generator.sampler": () =>
    "The sampler is DDIM instead of PNDM, which is Stable Diffusion's default; the paper names none.",
  "generator.steps": unstated("Sampler steps"),
  "generator.guidance": unstated("Guidance scale"),
  classNames: () => "Class names keep their white space in prompts and queries; the paper takes it out.",
  pictureCodec: (codec) => `Every picture passes ${valueText(codec)} before training.`,
  "retrieval.factor": stated("Neighbours asked for in the first round of a search, for each wanted image"),
  "retrieval.rounds": stated("Rounds of a search at most"),
  "retrieval.duplicates": (threshold) =>
    `Retrieval takes two images for the same above ${threshold === "calibrate" ? "a calibrated cosine" : valueText(threshold)} instead of a cosine of 0.94.`,
  "retrieval.minAesthetics": (least, usual) =>
    least === "off" ? "No aesthetics filter of the search." : stated("Least aesthetics of a search")(least, usual),
  "retrieval.maxUnsafe": (most) =>
    `The search leaves out pictures of a predicted unsafety above ${valueText(most)}, a filter that the paper does not name.`,
};

/** By the field of a method's settings. */
const methodPhrases: Readonly<Record<string, Phrase>> = {
  rate: unstated("Learning rate for a batch of 1"),
  denoiserRate: unstated("Learning rate of the denoiser for a batch of 1"),
  weightDecay: unstated("Weight decay of learning"),
  examples: unstated("Pictures of a learning step"),
  maxEpochs: stated("Epochs of learning at most"),
  patience: unstated("Epochs without a better validation loss before learning stops"),
  flip: unstated("Chance of a mirror image in learning"),
  draws: unstated("Draws of noise for each validation picture"),
  clusters: stated("Clusters of a class"),
  noiseLevel: unstated("Share of the noise schedule that pictures are noised to"),
  strengths: unstated("Shares of the noise schedule that pictures are noised to"),
};

/** Said in other words below, or no departure: names, what is chosen, and what decides speed alone. */
const passedOver =
  /^(version|name|seed|world\.resolution|classes|conditions|generator\.batch|(production|retrieval)\.per|safety|audit|train\.net|methods)\b/;

/**
 * A sentence for each departure; of methods only where the run has their condition.
 *
 * @param worldName such as "mini", or an imported world's
 */
export function deviations(spec: Spec, worldName: string): string[] {
  const { safety, audit } = spec;
  return [
    worldText(worldName, spec.world.resolution),
    ...(differences(spec.train.net, paper.train.net).length === 0
      ? []
      : [`The classifier is ${netText(spec.train.net)}, not ResNet-50.`]),
    ...differences(spec, paper)
      .filter(({ path }) => !passedOver.test(path))
      .map(({ path, first, second }) => (phrases[path] ?? stated(path))(first, second)),
    ...basisTexts(spec),
    safety.concepts.length === 0
      ? "No safety checker."
      : "The safety filter goes by concepts in CLIP's words instead of Stable Diffusion's checker.",
    ...(audit.action === "drop"
      ? ["Added images that the leak audit flags are left out of training; the paper has no such audit."]
      : []),
    ...methodDeviations(spec),
  ];
}

/** The paper goes by one rule for all methods of a dataset; either is the paper's. */
function basisTexts({ production, retrieval }: Spec): string[] {
  const [made, found] = [production.per, retrieval.per].map((per) =>
    per === "class" ? "each class's own" : "the largest class's",
  );
  return made === found
    ? []
    : [
        `Generated images go by ${made!} size and retrieved ones by ${found!}; the paper's go by one: ImageNet's by the largest class's, Caltech256's by each class's own.`,
      ];
}

function methodDeviations({ conditions, methods }: Spec): string[] {
  // DA-Fusion uses the words that textual inversion's settings learn.
  const asked = new Set<string>([...conditions, ...(conditions.includes("da-fusion") ? ["textual-inversion"] : [])]);
  const beyond = conditions.filter((id) => !paperConditions.includes(id));
  const learning = learningMethods.filter((id) => asked.has(id));
  const settings = Object.entries(differencesByField(methods, asked)).map(([sentence, ids]) => named(sentence, ids));
  return [
    ...(beyond.length === 0 ? [] : [`Conditions that the paper does not have: ${beyond.join(", ")}.`]),
    ...settings,
    ...checkpointTexts(methods, learning),
    ...(learning.length === 0
      ? []
      : ["Methods learn on the means of the VAE's posterior instead of on samples of it."]),
    ...(asked.has("ft-cluster")
      ? [
          "ft-cluster clusters CLIP's embeddings instead of Inception v3's, and a cluster ends its learning by the validation pictures nearest to it.",
        ]
      : []),
  ];
}

/** The ids of the methods that each sentence is true of. */
function differencesByField(methods: Spec["methods"], asked: ReadonlySet<string>): Record<string, string[]> {
  const byText: Record<string, string[]> = {};
  for (const { path, first, second } of differences(methods, paper.methods)) {
    const [id = "", field = ""] = path.split(".");
    if (!asked.has(id) || ["atOnce", "checkpoint", "select"].includes(field)) continue;
    const sentence = (methodPhrases[field] ?? unstated(field))(first, second);
    (byText[sentence] ??= []).push(id);
  }
  return byText;
}

/** Which checkpoint generates, where classifiers do not choose it. */
function checkpointTexts(methods: Spec["methods"], learning: readonly (typeof learningMethods)[number][]): string[] {
  const byText: Record<string, string[]> = {};
  for (const id of learning) {
    const { select, checkpoint } = methods[id];
    if (select) continue;
    const which = typeof checkpoint === "number" ? `of epoch ${String(checkpoint)}` : lossNames[checkpoint];
    const sentence = `The checkpoint is that ${which} instead of the one whose images serve a classifier best on the validation split.`;
    (byText[sentence] ??= []).push(id);
  }
  return Object.entries(byText).map(([sentence, ids]) => named(sentence, ids));
}

const lossNames = { "best-validation": "of the least validation loss", "best-train": "of the least training loss" };

const named = (sentence: string, ids: readonly string[]): string => `${ids.join(", ")}: ${sentence}`;

function worldText(name: string, resolution: number): string {
  const side = `${String(resolution)} px`;
  return isBuiltWorld(name)
    ? `The world is "${name}": drawn pictures of ${side} instead of ImageNet, its pool instead of LAION-5B, and networks trained on that pool instead of Stable Diffusion v1.4 and CLIP ViT-L/14.`
    : `The world is "${name}": imported pictures of ${side} instead of ImageNet, and an imported pool instead of LAION-5B; whether the generator was trained on that pool is not known here.`;
}

function netText({ block, depths, width, stem }: Spec["train"]["net"]): string {
  return `a ResNet with ${depths.join(", ")} ${block} blocks, ${String(width)} channels first and the ${stem} stem`;
}

const valueText = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : String(value));
