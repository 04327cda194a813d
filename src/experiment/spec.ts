/** What decides a run: the spec's schema, its defaults and its hash. */
import { z } from "zod";
import { nearestName } from "../nearest-name.ts";
import { sha256Text } from "../storage/hash.ts";
import { conditionIds, mainConditions, type ConditionId } from "./conditions.ts";
import { isPictureCodec } from "./picture-codec.ts";
import { replacedShare, type Mix } from "./sets.ts";
import { group, list, namePattern, number, oneOf, positive, share, whole } from "./spec-fields.ts";
import { methods } from "./spec-methods.ts";

const poolWords = "all or a whole number >= 1";
const world = group({
  /** Pixels a side of every picture. */
  resolution: whole(16, 512).default(32),
  /** Pictures of the pool that are searched, spread evenly over it; a pool that has fewer gives all. */
  pool: z
    .union(
      [
        z.literal("all"),
        number(poolWords, (value) => Number.isInteger(value) && value >= 1, { type: "integer", minimum: 1 }),
      ],
      {
        error: poolWords,
      },
    )
    .default("all"),
});

const generator = group({
  // The paper names neither sampler nor steps nor guidance: the three defaults are Stable Diffusion's own.
  /** CompVis/stable-diffusion's README samples by `--plms`, which is diffusers' PNDMScheduler with skip_prk_steps, v1.4's own. */
  sampler: oneOf(["ddim", "pndm"]).default("pndm"),
  /** Steps of the sampler; PNDM evaluates the model once more. CompVis scripts/txt2img.py and diffusers: 50. */
  steps: whole(1, 999).default(50),
  /** Classifier-free guidance: 1 is a single conditional pass. CompVis scripts/txt2img.py and diffusers: 7.5. */
  guidance: number("a number >= 1", (value) => value >= 1, { minimum: 1 }).default(7.5),
  /** Images sampled at once; decides speed and memory. */
  batch: whole(1, 1024).default(8),
});

const production = group({
  /** Images generated for each real one, that the sets are drawn from. Burg et al. 2023, section 3: 3. */
  factor: number("a number >= 1", (value) => value >= 1, { minimum: 1 }).default(3),
  /** Whose real ones: the class's own (the paper's rule for Caltech256), or the largest class's (for ImageNet: 390 each). */
  per: oneOf(["class", "largest"]).default("class"),
});

const sets = group({
  // Burg et al. 2023, section 3: five sets, each as large as the real one, drawn at random and joined with it.
  /** Sets drawn, and classifiers trained, a condition. */
  n: whole(1, 1000).default(5),
  /** Added images for each real one. */
  ratio: positive().default(1),
  mix: z
    .string({ error: "union or replace:SHARE with 0 < SHARE <= 1" })
    .refine((text): text is Mix => isMix(text), { error: "union or replace:SHARE with 0 < SHARE <= 1" })
    .default("union"),
  /** `best` takes the best-ranked images instead of a random draw. */
  draw: oneOf(["random", "best"]).default("random"),
});

const thresholdWords = "calibrate or a number in (0, 1]";
const thresholdOf = (byDefault: number | "calibrate") =>
  z
    .union([z.literal("calibrate"), share(thresholdWords, (value) => value > 0)], { error: thresholdWords })
    .default(byDefault);

const optionalLimit = (expected: string, holds: (value: number) => boolean, byDefault: number | "off") =>
  z.union([z.literal("off"), number(`off or ${expected}`, holds)], { error: `off or ${expected}` }).default(byDefault);

const retrieval = group({
  /** Images of a class: as many as the largest class has real ones (the paper's rule for ImageNet: 130), or the class itself (for Caltech256). */
  per: oneOf(["class", "largest"]).default("largest"),
  /** Round m asks for factor · target · m neighbours. Burg et al. 2023, section 3.2: from 1.4 times the target to ten times that. */
  factor: positive().default(1.4),
  /** Ten, one step after the other: chosen here, the paper names the first and the last alone. */
  rounds: whole(1, 100).default(10),
  /**
   * Cosine above which two images are the same; `calibrate` takes the limit on false alarms among unrelated pool pictures.
   * rom1504/clip-retrieval 2.35.1: 0.94.
   */
  duplicates: thresholdOf(0.94),
  // Columns of the pool that a picture must keep to; pictures without the column are used.
  /** Burg et al. 2023, section 3.2: pictures below 5 are dropped; of LAION's predictors V2, by which v1.4's own data were chosen, is meant (chosen here). */
  minAesthetics: optionalLimit("a number", Number.isFinite, 5),
  /** Off: the paper names Stable Diffusion's checker alone (`safety`). clip-retrieval's own limit is 0.5. */
  maxUnsafe: optionalLimit("a number in [0, 1]", (value) => value >= 0 && value <= 1, "off"),
});

/** Images that nobody should see: CLIP decides which look like a concept. */
const safety = group({
  /** Texts; without one nothing is blocked. */
  concepts: z.array(z.string({ error: "a text" }), { error: "a list of texts" }).default([]),
  /** Cosine between an image and a concept above which it is blocked. */
  threshold: share("a number in (0, 1]", (value) => value > 0).default(0.25),
  /** Times that a generated image is drawn anew: chosen here, the paper says that it is. */
  attempts: whole(0, 100).default(10),
});

const net = group({
  /** Blocks a stage; [3, 4, 6, 3] bottlenecks are ResNet-50. */
  depths: z
    .array(whole(1, 64), { error: "a list of whole numbers" })
    .min(1, { error: "at least one stage" })
    .max(4, { error: "at most four stages" })
    .default([3, 4, 6, 3]),
  /** Channels of the first stage before its expansion; 64 in ResNet-50. */
  width: whole(4, 256).default(64),
  /** `imagenet` is 7×7 stride 2 and a max pool, `cifar` is 3×3 stride 1. */
  stem: oneOf(["imagenet", "cifar"]).default("cifar"),
  /** `basic` blocks are two 3×3 convolutions, as in ResNet-18. */
  block: oneOf(["bottleneck", "basic"]).default("bottleneck"),
});

const plateau = group({
  kind: oneOf(["paper", "torch"]).default("paper"),
  /** Epochs without a better validation accuracy before the rate falls. Burg et al. 2023, section 3: 10. */
  patience: whole(1).default(10),
  /** What the rate is multiplied by then. The same: divided by 10. */
  factor: number("a number between 0 and 1", (value) => value > 0 && value < 1, {
    exclusiveMinimum: 0,
    maximum: 1,
  }).default(0.1),
});

const crop = group({
  // The paper says "random resize and crop"; numbers and mirroring of pytorch/vision references/classification/presets.py.
  /** Least share of a picture's area that a training crop keeps; 0.08 for ImageNet. */
  smallest: share("a number in (0, 1]", (value) => value > 0).default(0.08),
  /** Chance of a mirror image; 0 where left and right matter. */
  flip: share("a number in [0, 1]", () => true).default(0.5),
});

const train = group({
  net: net.prefault({}),
  // Burg et al. 2023, section 3, for ImageNet; momentum and decay, which it leaves open, of pytorch/examples imagenet/main.py.
  batch: whole(1, 65536).default(256),
  /** The first learning rate; 0.003 with batches of 1024 for Caltech256. */
  rate: positive().default(0.1),
  momentum: share("a number in [0, 1)", (value) => value < 1).default(0.9),
  weightDecay: number("a number >= 0", (value) => value >= 0, { minimum: 0 }).default(1e-4),
  maxEpochs: whole(1).default(270),
  crop: crop.prefault({}),
  plateau: plateau.prefault({}),
  /** Epochs without a better validation accuracy before training ends. Burg et al. 2023, section 3: 20. */
  stop: whole(1).default(20),
});

const audit = group({
  /** Cosine above which an added image is taken for a copy of a held-out one; `calibrate` derives it from the data. */
  threshold: thresholdOf("calibrate"),
  /** `flag` reports, `drop` leaves the image out and ends the run where nothing else is left of a method's, `fail` ends it at the first. */
  action: oneOf(["flag", "drop", "fail"]).default("flag"),
});

// Conditions of methods that are not the project's own are added before a spec is read.
const conditionName = z
  .custom<ConditionId>((id) => conditionIds().some((known) => known === id), {
    error: ({ input }) => {
      const nearest = typeof input === "string" ? nearestName(input, conditionIds()) : null;
      return `one of ${conditionIds().join(", ")}${nearest === null ? "" : ` (did you mean ${nearest}?)`}`;
    },
  })
  .meta({ examples: [...conditionIds()] });

const codecWords = "lossless or jpeg:QUALITY with a whole number from 1 to 100";

const classesWords = "all, a whole number >= 2, or a list of class names";
const isClassCount = (value: number): boolean => Number.isInteger(value) && value >= 2;

/** The schema of a spec, version 1. Parsing it fills every default in. */
export const specSchema = group({
  version: z.literal(1, { error: "1" }).default(1),
  /** Names the run's folder. */
  name: z
    .string({ error: "a name" })
    .regex(namePattern, { error: "lower-case letters, digits and hyphens, 64 at most" })
    .default("run"),
  seed: whole(0).default(1),
  world: world.prefault({}),
  /** How many classes, from the first, or which. */
  classes: z
    .union(
      [
        z.literal("all"),
        number(classesWords, isClassCount, { type: "integer", minimum: 2 }),
        list(z.string({ error: classesWords }), classesWords),
      ],
      {
        error: classesWords,
      },
    )
    .default("all"),
  conditions: list(conditionName, "a list of conditions").default([...mainConditions]),
  /** How a class name goes into prompts and queries; the paper takes its white space out. */
  classNames: oneOf(["without-spaces", "with-spaces"]).default("without-spaces"),
  /** What every picture passes before a classifier sees it, real or added, so that no arm can be told by its files. */
  pictureCodec: z.string({ error: codecWords }).refine(isPictureCodec, { error: codecWords }).default("lossless"),
  generator: generator.prefault({}),
  production: production.prefault({}),
  sets: sets.prefault({}),
  retrieval: retrieval.prefault({}),
  safety: safety.prefault({}),
  methods: methods.prefault({}),
  train: train.prefault({}),
  audit: audit.prefault({}),
});

/** A spec with every default filled in: plain JSON. */
export type Spec = z.output<typeof specSchema>;

/** A spec as it may be written: every field may be left out. */
export type SpecInput = z.input<typeof specSchema>;

function isMix(text: string): boolean {
  try {
    replacedShare(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * JSON with sorted keys and no white space: the same text for the same value, whatever order it was written in.
 *
 * @param value plain JSON; fields that are undefined are left out
 *
 * After RFC 8785, whose number format is JavaScript's own.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === undefined) return "null";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(",")}}`;
}

/**
 * The SHA-256 of a resolved spec's canonical JSON, as 64 hexadecimal digits: equal specs have equal hashes, however they
 * were written. The name is part of it.
 */
export async function specHash(spec: Spec): Promise<string> {
  return sha256Text(canonicalJson(spec));
}
