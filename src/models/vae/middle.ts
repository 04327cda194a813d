import { attention } from "../../graph/ops/attention.ts";
import { add } from "../../graph/ops/elementwise.ts";
import { reshape } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { GroupNorm } from "../../nn/group-norm.ts";
import { Linear } from "../../nn/linear.ts";
import { diffusersProjections } from "../../nn/multi-head-attention.ts";
import type { Parameters } from "../../nn/parameters.ts";
import { ResnetBlock } from "../../nn/resnet-block.ts";
import type { VaeConfig } from "./config.ts";

/** The guard of every group norm of the autoencoder. */
export const VAE_EPSILON = 1e-6;

/** One head of self-attention over all pixels. */
class PixelAttention {
  readonly #norm: GroupNorm;
  readonly #projections: readonly [Linear, Linear, Linear];
  readonly #out: Linear;

  constructor(parameters: Parameters, channels: number, groups: number) {
    const { q, k, v, out } = diffusersProjections;
    const project = (name: string) => new Linear(parameters.scope(name), channels, channels);
    this.#norm = new GroupNorm(parameters.scope("group_norm"), { channels, groups, epsilon: VAE_EPSILON });
    this.#projections = [project(q), project(k), project(v)];
    this.#out = project(out);
  }

  forward(x: Tensor): Tensor {
    const [n, h, w, c] = x.shape as [number, number, number, number];
    return x.graph.block(() => {
      const tokens = reshape(this.#norm.forward(x), [n, h * w, c]);
      const [q, k, v] = this.#projections.map((projection) => projection.forward(tokens));
      return add(reshape(this.#out.forward(attention(q!, k!, v!, { heads: 1 })), [n, h, w, c]), x);
    });
  }
}

/** The middle of encoder and decoder: residual block, attention, residual block. */
export class VaeMiddle {
  readonly #first: ResnetBlock;
  readonly #attention: PixelAttention | undefined;
  readonly #second: ResnetBlock;

  constructor(parameters: Parameters, config: VaeConfig) {
    const channels = config.blockOutChannels.at(-1)!;
    this.#attention = config.midBlockAddAttention
      ? new PixelAttention(parameters.scope("attentions.0"), channels, config.normNumGroups)
      : undefined;
    this.#first = vaeResnet(parameters.scope("resnets.0"), config, channels, channels);
    this.#second = vaeResnet(parameters.scope("resnets.1"), config, channels, channels);
  }

  /** @param x [n, h, w, c] */
  forward(x: Tensor): Tensor {
    const h = this.#first.forward(x);
    return this.#second.forward(this.#attention?.forward(h) ?? h);
  }
}

/** A residual block without time. */
export const vaeResnet = (parameters: Parameters, config: VaeConfig, inputs: number, outputs: number): ResnetBlock =>
  new ResnetBlock(parameters, { inputs, outputs, groups: config.normNumGroups, epsilon: VAE_EPSILON });

/** The last norm of encoder and decoder, with its SiLU. */
export const vaeNormOut = (parameters: Parameters, config: VaeConfig, channels: number): GroupNorm =>
  new GroupNorm(parameters.scope("conv_norm_out"), {
    channels,
    groups: config.normNumGroups,
    epsilon: VAE_EPSILON,
    activation: "silu",
  });
