import type { ConfigJson } from "../config-fields.ts";
import { ConfigFields } from "../config-fields.ts";

/** An autoencoder's sizes; lists go from the widest image to the smallest. */
export interface VaeConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly latentChannels: number;
  /** Channels of each level; the image is halved between levels. */
  readonly blockOutChannels: readonly number[];
  /** Residual blocks a level of the encoder; one more in the decoder. */
  readonly layersPerBlock: number;
  readonly normNumGroups: number;
  /** Latents are multiplied by it after encoding. */
  readonly scalingFactor: number;
  readonly midBlockAddAttention: boolean;
}

/**
 * Reads the configuration of diffusers' `AutoencoderKL`.
 *
 * @param where names the document in errors
 * @throws ConfigError naming the first field that the code cannot honour
 */
export function parseVaeConfig(json: ConfigJson, where = "config.json"): VaeConfig {
  const fields = new ConfigFields(where, json);
  const blockOutChannels = fields.counts("block_out_channels", undefined, [64]);
  const levels = blockOutChannels.length;
  const encoders = blockOutChannels.map(() => "DownEncoderBlock2D" as const);
  const decoders = blockOutChannels.map(() => "UpDecoderBlock2D" as const);
  fields.choices("down_block_types", levels, ["DownEncoderBlock2D"], encoders);
  fields.choices("up_block_types", levels, ["UpDecoderBlock2D"], decoders);
  const config: VaeConfig = {
    inChannels: fields.count("in_channels", 3),
    outChannels: fields.count("out_channels", 3),
    latentChannels: fields.count("latent_channels", 4),
    blockOutChannels,
    layersPerBlock: fields.count("layers_per_block", 1),
    normNumGroups: fields.count("norm_num_groups", 32),
    scalingFactor: fields.number("scaling_factor", 0.18215),
    midBlockAddAttention: fields.flag("mid_block_add_attention", true),
  };
  fields.fixed("act_fn", "silu", "swish");
  fields.fixed("shift_factor", null);
  fields.fixed("latents_mean", null);
  fields.fixed("latents_std", null);
  fields.fixed("use_quant_conv", true);
  fields.fixed("use_post_quant_conv", true);
  fields.ignore("sample_size", "force_upcast", "torch_dtype", "dtype");
  fields.done();
  return config;
}
