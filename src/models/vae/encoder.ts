/** The encoder of the autoencoder: images to the moments of their latents. */
import { add, affine, exp, mul } from "../../graph/ops/elementwise.ts";
import { slice } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { sizeOf } from "../../graph/tensor.ts";
import { Conv2d } from "../../nn/conv2d.ts";
import { Downsample, downsamplePadding } from "../../nn/downsample.ts";
import type { GroupNorm } from "../../nn/group-norm.ts";
import type { Parameters } from "../../nn/parameters.ts";
import type { ResnetBlock } from "../../nn/resnet-block.ts";
import type { VaeConfig } from "./config.ts";
import { VaeMiddle, vaeNormOut, vaeResnet } from "./middle.ts";

interface EncoderLevel {
  readonly resnets: readonly ResnetBlock[];
  readonly downsample: Downsample | undefined;
}

/**
 * The encoder with its quantisation convolution.
 *
 * Rombach et al. 2022, arXiv:2112.10752, section 3.1; names as diffusers' AutoencoderKL.
 */
export class VaeEncoder {
  readonly #convIn: Conv2d;
  readonly #levels: readonly EncoderLevel[];
  readonly #middle: VaeMiddle;
  readonly #normOut: GroupNorm;
  readonly #convOut: Conv2d;
  readonly #quantise: Conv2d;

  constructor(
    readonly parameters: Parameters,
    readonly config: VaeConfig,
  ) {
    const scope = parameters.scope("encoder");
    const { blockOutChannels: channels, latentChannels, inChannels } = config;
    const moments = 2 * latentChannels;
    const last = channels.at(-1)!;
    this.#convIn = new Conv2d(scope.scope("conv_in"), { inputs: inChannels, outputs: channels[0]!, kernel: 3 });
    this.#levels = channels.map((_, level) => encoderLevel(scope.scope(`down_blocks.${String(level)}`), config, level));
    this.#middle = new VaeMiddle(scope.scope("mid_block"), config);
    this.#normOut = vaeNormOut(scope, config, last);
    this.#convOut = new Conv2d(scope.scope("conv_out"), { inputs: last, outputs: moments, kernel: 3 });
    this.#quantise = new Conv2d(parameters.scope("quant_conv"), { inputs: moments, outputs: moments, kernel: 1 });
  }

  /**
   * @param images [n, h, w, inChannels] in [−1, 1]; h and w are multiples of 2^(levels − 1)
   * @returns [n, h/2^(levels−1), w/2^(levels−1), 2·latentChannels], means then logarithms of variances
   */
  forward(images: Tensor): Tensor {
    let h = this.#convIn.forward(images);
    for (const { resnets, downsample } of this.#levels) {
      for (const resnet of resnets) h = resnet.forward(h);
      h = downsample?.forward(h) ?? h;
    }
    h = this.#convOut.forward(this.#normOut.forward(this.#middle.forward(h)));
    return this.#quantise.forward(h);
  }
}

const encoderLevel = (parameters: Parameters, config: VaeConfig, level: number): EncoderLevel => {
  const channels = config.blockOutChannels;
  const [before, outputs] = [channels[Math.max(level - 1, 0)]!, channels[level]!];
  const isLast = level === channels.length - 1;
  return {
    resnets: Array.from({ length: config.layersPerBlock }, (_, index) =>
      vaeResnet(parameters.scope(`resnets.${String(index)}`), config, index === 0 ? before : outputs, outputs),
    ),
    downsample: isLast
      ? undefined
      : new Downsample(parameters.scope("downsamplers.0"), outputs, downsamplePadding.rightBottom),
  };
};

/** The means of latents. @param moments [n, h, w, 2c] @returns [n, h, w, c] */
export const momentMeans = (moments: Tensor): Tensor => slice(moments, 0, sizeOf(moments, -1) / 2);

/** The logarithms of the latents' variances. @param moments [n, h, w, 2c] @returns [n, h, w, c] */
export const momentLogVariances = (moments: Tensor): Tensor => {
  const c = sizeOf(moments, -1) / 2;
  return slice(moments, c, c);
};

/**
 * A draw of latents: mean + exp(½ log variance) · noise. Log variances are not clamped.
 *
 * @param moments [n, h, w, 2c]
 * @param noise [n, h, w, c], standard normal
 * @returns [n, h, w, c]
 */
export const sampleLatents = (moments: Tensor, noise: Tensor): Tensor =>
  add(momentMeans(moments), mul(exp(affine(momentLogVariances(moments), 0.5)), noise));
