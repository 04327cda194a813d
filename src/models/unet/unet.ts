/** The denoising U-Net of Stable Diffusion v1. */
import { ShapeError } from "../../errors.ts";
import { silu } from "../../graph/ops/elementwise.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { sameShape } from "../../graph/tensor.ts";
import { Conv2d } from "../../nn/conv2d.ts";
import { GroupNorm } from "../../nn/group-norm.ts";
import { zeros } from "../../nn/initialisers.ts";
import type { Parameters } from "../../nn/parameters.ts";
import { TimeEmbedding } from "../../nn/time-embedding.ts";
import type { UnetConfig } from "./config.ts";
import type { Conditioning } from "./levels.ts";
import { DownLevel, MiddleLevel, UpLevel } from "./levels.ts";

/** What the U-Net denoises and what it knows. */
export interface UnetInputs {
  /** [n, h, w, inChannels]; h and w are multiples of 2^(levels − 1). */
  readonly sample: Tensor;
  /** [n] u32, below `config.timesteps` */
  readonly timestep: Tensor;
  /** [n, t, crossAttentionDim] */
  readonly encoderHiddenStates: Tensor;
}

/**
 * Predicts the noise in a noisy image of latents. Residual branches and the head start at zero, as in CompVis' code.
 *
 * Rombach et al. 2022, arXiv:2112.10752; names as diffusers' UNet2DConditionModel.
 */
export class Unet {
  readonly #convIn: Conv2d;
  readonly #time: TimeEmbedding;
  readonly #down: readonly DownLevel[];
  readonly #up: readonly UpLevel[];
  readonly #middle: MiddleLevel;
  readonly #normOut: GroupNorm;
  readonly #convOut: Conv2d;

  constructor(
    readonly parameters: Parameters,
    readonly config: UnetConfig,
  ) {
    const channels = config.blockOutChannels;
    const first = channels[0]!;
    this.#convIn = new Conv2d(parameters.scope("conv_in"), { inputs: config.inChannels, outputs: first, kernel: 3 });
    this.#time = new TimeEmbedding(parameters.scope("time_embedding"), {
      channels: first,
      width: 4 * first,
      cosinesFirst: config.flipSinToCos,
      frequencyShift: config.freqShift,
      timesteps: config.timesteps,
    });
    const scope = (name: string, index: number) => parameters.scope(`${name}.${String(index)}`);
    this.#down = channels.map((_, level) => new DownLevel(scope("down_blocks", level), config, level));
    this.#up = channels.map((_, place) => new UpLevel(scope("up_blocks", place), config, place));
    this.#middle = new MiddleLevel(parameters.scope("mid_block"), config);
    this.#normOut = new GroupNorm(parameters.scope("conv_norm_out"), {
      channels: first,
      groups: config.normNumGroups,
      epsilon: config.normEps,
      activation: "silu",
    });
    this.#convOut = new Conv2d(parameters.scope("conv_out"), {
      inputs: first,
      outputs: config.outChannels,
      kernel: 3,
      init: zeros,
      biasInit: zeros,
    });
  }

  /**
   * @returns [n, h, w, outChannels], the predicted noise
   * @throws ShapeError when an input does not fit the configuration
   */
  forward({ sample, timestep, encoderHiddenStates }: UnetInputs): Tensor {
    this.#check(sample, timestep, encoderHiddenStates);
    const conditioning: Conditioning = { time: silu(this.#time.forward(timestep)), context: encoderHiddenStates };
    let h = this.#convIn.forward(sample);
    const skips = [h];
    for (const level of this.#down) h = level.forward(h, conditioning, skips);
    h = this.#middle.forward(h, conditioning);
    for (const level of this.#up) h = level.forward(h, conditioning, skips);
    return this.#convOut.forward(this.#normOut.forward(h));
  }

  #check(sample: Tensor, timestep: Tensor, context: Tensor): void {
    const { inChannels, blockOutChannels, crossAttentionDim } = this.config;
    const factor = 2 ** (blockOutChannels.length - 1);
    const [n, h, w, c] = sample.shape;
    if (sample.shape.length !== 4 || c !== inChannels || h! % factor !== 0 || w! % factor !== 0)
      throw new ShapeError(
        "unet: sample",
        `[n, h, w, ${String(inChannels)}] with h and w multiples of ${String(factor)}`,
        sample.shape,
      );
    if (!sameShape(timestep.shape, [n!])) throw new ShapeError("unet: timestep", [n!], timestep.shape);
    if (context.shape.length !== 3 || context.shape[0] !== n || context.shape[2] !== crossAttentionDim)
      throw new ShapeError(
        "unet: encoderHiddenStates",
        `[${String(n)}, t, ${String(crossAttentionDim)}]`,
        context.shape,
      );
  }
}
