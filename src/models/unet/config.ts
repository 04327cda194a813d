import { ConfigError } from "../../errors.ts";
import type { ConfigJson } from "../config-fields.ts";
import { ConfigFields } from "../config-fields.ts";

/** A U-Net's sizes; lists go from the widest image to the smallest. */
export interface UnetConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Channels of each level; the image is halved between levels. */
  readonly blockOutChannels: readonly number[];
  /** Which levels of the way down have transformers. */
  readonly downAttention: readonly boolean[];
  /** Which levels of the way up have transformers, from the smallest image to the widest. */
  readonly upAttention: readonly boolean[];
  /** Residual blocks a level on the way down; one more on the way up. */
  readonly layersPerBlock: number;
  /** Attention heads of each level. */
  readonly heads: readonly number[];
  /** Transformer blocks of each level's transformers. */
  readonly transformerDepth: readonly number[];
  /** The width of the conditioning. */
  readonly crossAttentionDim: number;
  readonly normNumGroups: number;
  readonly normEps: number;
  readonly flipSinToCos: boolean;
  readonly freqShift: number;
  /** The length of the noise schedule: timesteps are below it. */
  readonly timesteps: number;
}

const DOWN = ["CrossAttnDownBlock2D", "DownBlock2D"] as const;
const UP = ["CrossAttnUpBlock2D", "UpBlock2D"] as const;

/**
 * Reads the configuration of diffusers' `UNet2DConditionModel` as far as Stable Diffusion v1 uses it.
 *
 * @param where names the document in errors
 * @throws ConfigError naming the first field that the code cannot honour
 */
export function parseUnetConfig(json: ConfigJson, where = "config.json"): UnetConfig {
  const fields = new ConfigFields(where, json);
  const blockOutChannels = fields.counts("block_out_channels", undefined, [320, 640, 1280, 1280]);
  const levels = blockOutChannels.length;
  const lastDown = (level: number) => level === levels - 1;
  const down = Array.from({ length: levels }, (_, level) => DOWN[lastDown(level) ? 1 : 0]);
  const up = Array.from({ length: levels }, (_, level) => UP[level === 0 ? 1 : 0]);
  const headsField = (json["num_attention_heads"] ?? null) === null ? "attention_head_dim" : "num_attention_heads";
  const config: UnetConfig = {
    inChannels: fields.count("in_channels", 4),
    outChannels: fields.count("out_channels", 4),
    blockOutChannels,
    downAttention: fields.choices("down_block_types", levels, DOWN, down).map((type) => type === DOWN[0]),
    upAttention: fields.choices("up_block_types", levels, UP, up).map((type) => type === UP[0]),
    layersPerBlock: fields.count("layers_per_block", 2),
    // diffusers' `attention_head_dim` has meant the number of heads since Stable Diffusion v1 was published.
    heads: fields.counts(headsField, levels, 8),
    transformerDepth: fields.counts("transformer_layers_per_block", levels, 1),
    crossAttentionDim: fields.count("cross_attention_dim", 1280),
    normNumGroups: fields.count("norm_num_groups", 32),
    normEps: fields.number("norm_eps", 1e-5),
    flipSinToCos: fields.flag("flip_sin_to_cos", true),
    freqShift: fields.number("freq_shift", 0),
    timesteps: 1000,
  };
  for (const [name, ...supported] of FIXED) fields.fixed(name, ...supported);
  fields.ignore("sample_size", "attention_head_dim", "num_attention_heads", "addition_embed_type_num_heads");
  fields.ignore("dual_cross_attention_condition", "model_type", "torch_dtype", "dtype");
  fields.done();
  checkSizes(config, where, headsField);
  return config;
}

/** Fields with the values that the code supports; the first is diffusers' default. */
const FIXED: readonly (readonly [string, ...unknown[]])[] = [
  ["mid_block_type", "UNetMidBlock2DCrossAttn"],
  ["center_input_sample", false],
  ["only_cross_attention", false],
  ["downsample_padding", 1],
  ["mid_block_scale_factor", 1],
  ["dropout", 0],
  ["act_fn", "silu", "swish"],
  ["reverse_transformer_layers_per_block", null],
  ["encoder_hid_dim", null],
  ["encoder_hid_dim_type", null],
  ["dual_cross_attention", false],
  ["use_linear_projection", false],
  ["class_embed_type", null],
  ["addition_embed_type", null],
  ["addition_time_embed_dim", null],
  ["num_class_embeds", null],
  ["upcast_attention", false, true, null],
  ["resnet_time_scale_shift", "default"],
  ["resnet_skip_time_act", false],
  ["resnet_out_scale_factor", 1],
  ["time_embedding_type", "positional"],
  ["time_embedding_dim", null],
  ["time_embedding_act_fn", null],
  ["timestep_post_act", null],
  ["time_cond_proj_dim", null],
  ["conv_in_kernel", 3],
  ["conv_out_kernel", 3],
  ["projection_class_embeddings_input_dim", null],
  ["attention_type", "default"],
  ["class_embeddings_concat", false],
  ["mid_block_only_cross_attention", null, false],
  ["cross_attention_norm", null],
];

function checkSizes(config: UnetConfig, where: string, headsField: string): void {
  config.blockOutChannels.forEach((channels, level) => {
    if (channels % config.normNumGroups !== 0)
      throw new ConfigError(
        `${where}: block_out_channels`,
        `multiples of norm_num_groups ${String(config.normNumGroups)}`,
        String(channels),
      );
    // Attention kernels read whole vectors of four.
    const heads = config.heads[level]!;
    if (channels % (4 * heads) !== 0)
      throw new ConfigError(
        `${where}: ${headsField}`,
        `a number of heads whose size is a multiple of 4 for ${String(channels)} channels`,
        String(heads),
      );
  });
}
