/** The mini world's networks: the configurations of diffusers and transformers, with small numbers. */
import type { ConfigJson } from "./config-fields.ts";

/** Tokens of a prompt in the mini world, start and end included. */
export const miniTokens = 24;

/** Entries asked of the mini world's vocabulary; the trainer may stop earlier. */
export const miniVocabulary = 2048;

/** `AutoencoderKL`: 32 px to 8×8 latents of four channels. */
export const miniVae: ConfigJson = {
  in_channels: 3,
  out_channels: 3,
  latent_channels: 4,
  block_out_channels: [16, 32, 64],
  down_block_types: ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
  up_block_types: ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"],
  layers_per_block: 1,
  norm_num_groups: 8,
  act_fn: "silu",
  mid_block_add_attention: false,
  // About one over the latents' standard deviation: 1.18 when the first U-Net was trained on them, 1.11 with the present weights.
  scaling_factor: 0.85,
};

/** `UNet2DConditionModel`: two levels, transformers at the lower one and in the middle. */
export const miniUnet: ConfigJson = {
  in_channels: 4,
  out_channels: 4,
  block_out_channels: [64, 128],
  down_block_types: ["DownBlock2D", "CrossAttnDownBlock2D"],
  up_block_types: ["CrossAttnUpBlock2D", "UpBlock2D"],
  layers_per_block: 1,
  attention_head_dim: 4,
  cross_attention_dim: 96,
  norm_num_groups: 16,
  norm_eps: 1e-5,
  act_fn: "silu",
  flip_sin_to_cos: true,
  freq_shift: 0,
};

/** `CLIPTextConfig`. @param vocabulary entries of the tokenizer; its last is the end of text */
export const miniText = (vocabulary: number): ConfigJson => ({
  vocab_size: vocabulary,
  hidden_size: 96,
  intermediate_size: 96,
  num_hidden_layers: 1,
  num_attention_heads: 4,
  max_position_embeddings: miniTokens,
  hidden_act: "quick_gelu",
  layer_norm_eps: 1e-5,
  projection_dim: 96,
  bos_token_id: vocabulary - 2,
  eos_token_id: vocabulary - 1,
});

/** `CLIPVisionConfig`: 64 patches of 4×4 pixels. */
export const miniVision: ConfigJson = {
  hidden_size: 64,
  intermediate_size: 256,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  image_size: 32,
  patch_size: 4,
  num_channels: 3,
  hidden_act: "quick_gelu",
  layer_norm_eps: 1e-5,
  projection_dim: 96,
};
