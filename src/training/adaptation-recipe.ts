/** What an adaptation is told: the groups, and how to learn of them. */
import type { Checkpoint } from "./adaptation-unit.ts";

/** Pictures that share what is learned. */
export interface AdaptationGroup {
  /** Names the group; part of its random streams. */
  readonly key: string;
  /** Each picture's latents [h · w · c], as it is and mirrored. */
  readonly pictures: readonly (readonly [Float32Array, Float32Array])[];
  /** Latents of pictures that decide when to stop. */
  readonly validation: readonly Float32Array[];
  /** The row's first values: [tokens · width] of a conditioning, [width] of a pseudo-word. */
  readonly start: Float32Array;
}

/** What is learned, how fast and how long. Defaults and their sources are the spec's. */
export interface AdaptationRecipe {
  /** `conditioning`: all that cross-attention sees. `pseudo-word`: one token's embedding within templates. */
  readonly learns: "conditioning" | "pseudo-word";
  /** Texts with a slot `{}`, for pseudo-words. */
  readonly templates: readonly string[];
  /** Whether all weights of the denoiser are trained too, shared by all groups. */
  readonly trainsDenoiser: boolean;
  /** The rate of rows for a batch of 1; grows with the square root of the batch. */
  readonly rate: number;
  /** The same for the denoiser. */
  readonly denoiserRate: number;
  readonly weightDecay: number;
  /** Pictures of a group in a step. With a trained denoiser: pictures of a step, of any group. */
  readonly examples: number;
  /** Groups that adapt side by side when the denoiser is frozen; decides speed and memory. */
  readonly atOnce: number;
  readonly maxEpochs: number;
  /** Epochs without a better validation loss before a group stops. */
  readonly patience: number;
  /** Which state is kept: of an epoch, or of the least loss. */
  readonly checkpoint: Checkpoint;
  /** Chance that a picture is taken mirrored, 0 to 1. */
  readonly flip: number;
  /** Fixed draws of noise and timestep for each validation picture. */
  readonly draws: number;
  /** Names the random streams. */
  readonly stream: string;
  readonly seed: number;
}
