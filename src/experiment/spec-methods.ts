/** What a spec can set of single methods. */
import { z } from "zod";
import { group, list, number, positive, share, whole } from "./spec-fields.ts";

const checkpointWords = "best-validation, best-train or a whole number >= 1";

/** What every method that learns can be told. */
const learning = (byDefault: { rate: number; weightDecay: number; maxEpochs: number; examples: number }) => ({
  /** For a batch of 1; grows with the square root of the batch, as Burg et al. 2023, section 3.2, scale it. */
  rate: positive().default(byDefault.rate),
  weightDecay: number("a number >= 0", (value) => value >= 0, { minimum: 0 }).default(byDefault.weightDecay),
  /**
   * Pictures of a step: of each group, or of all where the denoiser is trained. 2 for words: rinongal/textual_inversion's
   * batch; 2 for conditionings and 32 with the denoiser: chosen here, the paper gives no batch.
   */
  examples: whole(1, 4096).default(byDefault.examples),
  /** Burg et al. 2023, section 3.2: never more than 40, and 8 for Imagic, whose pictures break down after it. */
  maxEpochs: whole(1, 40).default(byDefault.maxEpochs),
  /** Epochs without a better validation loss before learning stops: 3 is chosen here, the paper says "stagnates". */
  patience: whole(1).default(3),
  /** The state that generates: of the least loss, or of an epoch. Burg et al. 2023, section 3.2, choose among both and epochs 1 to 3 (Imagic 1 to 8). */
  checkpoint: z
    .union(
      [
        z.enum(["best-validation", "best-train"]),
        number(checkpointWords, (value) => Number.isInteger(value) && value >= 1, { type: "integer", minimum: 1 }),
      ],
      { error: checkpointWords },
    )
    .default("best-validation"),
  /**
   * Chooses the checkpoint by the validation accuracy of a classifier that is trained with its images, as the paper does:
   * a learning, a production and a training for each.
   */
  select: z.boolean({ error: "true or false" }).default(false),
  /** Chance that a picture is taken mirrored; 0 where left and right matter. rinongal/textual_inversion: 0.5. */
  flip: share("a number in [0, 1]", () => true).default(0.5),
  /** Draws of noise and timestep for each validation picture, the same after every epoch: 4 is chosen here. */
  draws: whole(1, 1000).default(4),
});
/** Groups that learn side by side; decides speed and memory. */
const sideBySide = { atOnce: whole(1, 4096).default(24) };
/** For a batch of 1. diffusers' Imagic pipeline (examples/community/imagic_stable_diffusion.py): 2e-6. */
const denoiserRate = { denoiserRate: positive().default(2e-6) };
/** diffusers' Imagic pipeline: Adam, 1e-3. */
const conditioningRate = { rate: 1e-3, weightDecay: 0 };
/** rinongal/textual_inversion: AdamW, base rate 5e-3, decay 0.01. */
const wordRate = { rate: 5e-3, weightDecay: 0.01 };

const filesWords = "files of methods";

/** Of single methods, by their ids. */
const settings = group({
  /** Files of methods that are not the project's own, relative to the spec's. */
  files: z.array(z.string({ error: filesWords }), { error: filesWords }).default([]),
  "ft-conditioning": group({
    ...learning({ ...conditioningRate, maxEpochs: 40, examples: 2 }),
    ...sideBySide,
  }).prefault({}),
  "ft-cluster": group({
    ...learning({ ...conditioningRate, maxEpochs: 40, examples: 2 }),
    ...sideBySide,
    /** Burg et al. 2023, section 4.4: 5, 10 and 15 were tried, 5 was best. */
    clusters: whole(1, 1000).default(5),
  }).prefault({}),
  imagic: group({ ...learning({ ...conditioningRate, maxEpochs: 8, examples: 32 }), ...denoiserRate }).prefault({}),
  "textual-inversion": group({ ...learning({ ...wordRate, maxEpochs: 40, examples: 2 }), ...sideBySide }).prefault({}),
  "pseudoword-dm": group({ ...learning({ ...wordRate, maxEpochs: 40, examples: 32 }), ...denoiserRate }).prefault({}),
  "da-fusion": group({
    /** Shares of the schedule that pictures are noised to, in turn; Trabucco et al. 2023. */
    strengths: list(
      share("a number above 0, 1 at most", (value) => value > 0),
      "a list of numbers above 0, 1 at most",
    ).default([0.25, 0.5, 0.75, 1]),
  }).prefault({}),
  boomerang: group({
    /** Share of the schedule that a picture is noised to; the paper is silent, 0.2 is chosen here. */
    noiseLevel: share("a number above 0, 1 at most", (value) => value > 0).default(0.2),
  }).prefault({}),
  "retrieval-diverse": group({
    /** Of likeness to the query against unlikeness to what is chosen; 1 is plain retrieval. */
    weight: share("a number from 0 to 1", () => true).default(0.7),
    /** Neighbours to choose among, for each wanted one. */
    candidates: number("a number >= 1", (value) => value >= 1, { minimum: 1 }).default(3),
  }).prefault({}),
  "retrieve-and-generate": group({
    /** Share of the added images that are retrieved; the rest are made from CLIP's prompts. */
    retrieved: share("a number from 0 to 1", () => true).default(0.5),
  }).prefault({}),
});

/** The settings; a file's name or a list of them stands for `files` alone. */
export const methods = z.preprocess((value) => {
  if (typeof value === "string") return { files: [value] };
  return Array.isArray(value) ? { files: value as unknown[] } : value;
}, settings);
