/** The decoder of the autoencoder: latents to images. */
import type { Tensor } from "../../graph/tensor.ts";
import { Conv2d } from "../../nn/conv2d.ts";
import type { GroupNorm } from "../../nn/group-norm.ts";
import type { Parameters } from "../../nn/parameters.ts";
import type { ResnetBlock } from "../../nn/resnet-block.ts";
import { Upsample } from "../../nn/upsample.ts";
import type { VaeConfig } from "./config.ts";
import { VaeMiddle, vaeNormOut, vaeResnet } from "./middle.ts";

interface DecoderLevel {
  readonly resnets: readonly ResnetBlock[];
  readonly upsample: Upsample | undefined;
}

/**
 * The decoder with the convolution before it.
 *
 * Rombach et al. 2022, arXiv:2112.10752, section 3.1; names as diffusers' AutoencoderKL.
 */
export class VaeDecoder {
  readonly #dequantise: Conv2d;
  readonly #convIn: Conv2d;
  readonly #middle: VaeMiddle;
  readonly #levels: readonly DecoderLevel[];
  readonly #normOut: GroupNorm;
  readonly #convOut: Conv2d;

  constructor(
    readonly parameters: Parameters,
    readonly config: VaeConfig,
  ) {
    const scope = parameters.scope("decoder");
    const { blockOutChannels: channels, latentChannels: latent, outChannels } = config;
    this.#dequantise = new Conv2d(parameters.scope("post_quant_conv"), { inputs: latent, outputs: latent, kernel: 1 });
    this.#convIn = new Conv2d(scope.scope("conv_in"), { inputs: latent, outputs: channels.at(-1)!, kernel: 3 });
    this.#levels = channels.map((_, place) => decoderLevel(scope.scope(`up_blocks.${String(place)}`), config, place));
    this.#middle = new VaeMiddle(scope.scope("mid_block"), config);
    this.#normOut = vaeNormOut(scope, config, channels[0]!);
    this.#convOut = new Conv2d(scope.scope("conv_out"), { inputs: channels[0]!, outputs: outChannels, kernel: 3 });
  }

  /**
   * @param latents [n, h, w, latentChannels], divided by the scaling factor
   * @returns [n, h·2^(levels−1), w·2^(levels−1), outChannels] in about [−1, 1]
   */
  forward(latents: Tensor): Tensor {
    let h = this.#middle.forward(this.#convIn.forward(this.#dequantise.forward(latents)));
    for (const { resnets, upsample } of this.#levels) {
      for (const resnet of resnets) h = resnet.forward(h);
      h = upsample?.forward(h) ?? h;
    }
    return this.#convOut.forward(this.#normOut.forward(h));
  }
}

/** @param place counted from the smallest image, as checkpoints count */
const decoderLevel = (parameters: Parameters, config: VaeConfig, place: number): DecoderLevel => {
  const channels = config.blockOutChannels;
  const level = channels.length - 1 - place;
  const [before, outputs] = [channels[Math.min(level + 1, channels.length - 1)]!, channels[level]!];
  return {
    resnets: Array.from({ length: config.layersPerBlock + 1 }, (_, index) =>
      vaeResnet(parameters.scope(`resnets.${String(index)}`), config, index === 0 ? before : outputs, outputs),
    ),
    upsample: level === 0 ? undefined : new Upsample(parameters.scope("upsamplers.0"), outputs),
  };
};
