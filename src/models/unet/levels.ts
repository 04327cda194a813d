import { concat } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { Downsample, downsamplePadding } from "../../nn/downsample.ts";
import { zeros } from "../../nn/initialisers.ts";
import type { Parameters } from "../../nn/parameters.ts";
import { ResnetBlock } from "../../nn/resnet-block.ts";
import { SpatialTransformer } from "../../nn/transformer-block.ts";
import { Upsample } from "../../nn/upsample.ts";
import type { UnetConfig } from "./config.ts";

/** What every block of the U-Net sees besides the image. */
export interface Conditioning {
  /** [n, 4·first channels], the time embedding through SiLU. */
  readonly time: Tensor;
  /** [n, t, crossAttentionDim] */
  readonly context: Tensor;
}

interface LevelOptions {
  readonly config: UnetConfig;
  /** Counted from the widest image. */
  readonly level: number;
  readonly attention: boolean;
  /** Channels into each residual block. */
  readonly inputs: readonly number[];
}

/** Residual blocks of one image size, each with a transformer behind it where the level has attention. */
class Level {
  readonly resnets: readonly ResnetBlock[];
  readonly attentions: readonly SpatialTransformer[];

  constructor(parameters: Parameters, { config, level, attention, inputs }: LevelOptions) {
    const outputs = config.blockOutChannels[level]!;
    this.attentions = attention
      ? inputs.map((_, index) => spatialTransformer(parameters.scope(`attentions.${String(index)}`), config, level))
      : [];
    this.resnets = inputs.map((channels, index) =>
      timedResnet(parameters.scope(`resnets.${String(index)}`), config, channels, outputs),
    );
  }

  /** The image after residual block `index` and its transformer. */
  step(index: number, x: Tensor, { time, context }: Conditioning): Tensor {
    const h = this.resnets[index]!.forward(x, time);
    return this.attentions[index]?.forward(h, context) ?? h;
  }
}

/** One level of the way down. */
export class DownLevel extends Level {
  readonly #downsample: Downsample | undefined;

  constructor(parameters: Parameters, config: UnetConfig, level: number) {
    const channels = config.blockOutChannels;
    const first = channels[Math.max(level - 1, 0)]!;
    const inputs = Array.from({ length: config.layersPerBlock }, (_, i) => (i === 0 ? first : channels[level]!));
    super(parameters, { config, level, attention: config.downAttention[level]!, inputs });
    const isLast = level === channels.length - 1;
    this.#downsample = isLast
      ? undefined
      : new Downsample(parameters.scope("downsamplers.0"), channels[level]!, downsamplePadding.around);
  }

  /** @param skips receives what the way up will need */
  forward(x: Tensor, conditioning: Conditioning, skips: Tensor[]): Tensor {
    let h = x;
    this.resnets.forEach((_, index) => {
      h = this.step(index, h, conditioning);
      skips.push(h);
    });
    if (this.#downsample) {
      h = this.#downsample.forward(h);
      skips.push(h);
    }
    return h;
  }
}

/** One level of the way up. */
export class UpLevel extends Level {
  readonly #upsample: Upsample | undefined;

  /** @param place counted from the smallest image, as checkpoints count */
  constructor(parameters: Parameters, config: UnetConfig, place: number) {
    const channels = config.blockOutChannels;
    const level = channels.length - 1 - place;
    const fromBelow = channels[Math.min(level + 1, channels.length - 1)]!;
    const lastSkip = channels[Math.max(level - 1, 0)]!;
    const inputs = Array.from({ length: config.layersPerBlock + 1 }, (_, index) => {
      const skip = index === config.layersPerBlock ? lastSkip : channels[level]!;
      return (index === 0 ? fromBelow : channels[level]!) + skip;
    });
    super(parameters, { config, level, attention: config.upAttention[place]!, inputs });
    this.#upsample = level === 0 ? undefined : new Upsample(parameters.scope("upsamplers.0"), channels[level]!);
  }

  /** @param skips is emptied from its end */
  forward(x: Tensor, conditioning: Conditioning, skips: Tensor[]): Tensor {
    let h = x;
    this.resnets.forEach((_, index) => {
      h = this.step(index, concat([h, skips.pop()!]), conditioning);
    });
    return this.#upsample?.forward(h) ?? h;
  }
}

/** The middle: residual block, transformer, residual block. */
export class MiddleLevel {
  readonly #first: ResnetBlock;
  readonly #attention: SpatialTransformer;
  readonly #second: ResnetBlock;

  constructor(parameters: Parameters, config: UnetConfig) {
    const level = config.blockOutChannels.length - 1;
    const channels = config.blockOutChannels[level]!;
    this.#attention = spatialTransformer(parameters.scope("attentions.0"), config, level);
    this.#first = timedResnet(parameters.scope("resnets.0"), config, channels, channels);
    this.#second = timedResnet(parameters.scope("resnets.1"), config, channels, channels);
  }

  forward(x: Tensor, { time, context }: Conditioning): Tensor {
    const h = this.#attention.forward(this.#first.forward(x, time), context);
    return this.#second.forward(h, time);
  }
}

const spatialTransformer = (parameters: Parameters, config: UnetConfig, level: number): SpatialTransformer =>
  new SpatialTransformer(parameters, {
    channels: config.blockOutChannels[level]!,
    heads: config.heads[level]!,
    contextWidth: config.crossAttentionDim,
    groups: config.normNumGroups,
    depth: config.transformerDepth[level]!,
  });

const timedResnet = (parameters: Parameters, config: UnetConfig, inputs: number, outputs: number): ResnetBlock =>
  new ResnetBlock(parameters, {
    inputs,
    outputs,
    groups: config.normNumGroups,
    epsilon: config.normEps,
    timeWidth: 4 * config.blockOutChannels[0]!,
    lastInit: zeros,
  });
