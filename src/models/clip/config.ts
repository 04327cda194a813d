import { ConfigError } from "../../errors.ts";
import type { MlpActivation } from "../../nn/feed-forward.ts";
import type { ConfigJson } from "../config-fields.ts";
import { ConfigFields } from "../config-fields.ts";

/** The sizes of a transformer tower. */
export interface TowerConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly hiddenAct: MlpActivation;
  readonly layerNormEps: number;
  /** The width of the space that texts and images share. */
  readonly projectionDim: number;
}

/** The text tower's sizes. */
export interface ClipTextConfig extends TowerConfig {
  readonly vocabSize: number;
  /** The longest text in tokens. */
  readonly maxPositions: number;
  /** The token whose first place a text is pooled at; null for the place of the largest token. */
  readonly endOfText: number | null;
}

/** The image tower's sizes. */
export interface ClipImageConfig extends TowerConfig {
  readonly channels: number;
  readonly imageSize: number;
  readonly patchSize: number;
}

/**
 * Reads the configuration of transformers' `CLIPTextConfig`.
 *
 * @param where names the document in errors
 * @throws ConfigError naming the first field that the code cannot honour
 */
export function parseClipTextConfig(json: ConfigJson, where = "config.json"): ClipTextConfig {
  const fields = new ConfigFields(where, json);
  const endOfText = fields.number("eos_token_id", 49407);
  const config = {
    ...tower(fields, { hidden: 512, intermediate: 2048, layers: 12, heads: 8 }),
    vocabSize: fields.count("vocab_size", 49408),
    maxPositions: fields.count("max_position_embeddings", 77),
    // Old configurations say 2, which no text holds; transformers then pools at the largest token.
    endOfText: endOfText === 2 ? null : endOfText,
  };
  fields.ignore("bos_token_id", "pad_token_id");
  fields.done();
  checkHeads(config, where);
  return config;
}

/**
 * Reads the configuration of transformers' `CLIPVisionConfig`.
 *
 * @param where names the document in errors
 * @throws ConfigError naming the first field that the code cannot honour
 */
export function parseClipImageConfig(json: ConfigJson, where = "config.json"): ClipImageConfig {
  const fields = new ConfigFields(where, json);
  const config = {
    ...tower(fields, { hidden: 768, intermediate: 3072, layers: 12, heads: 12 }),
    channels: fields.count("num_channels", 3),
    imageSize: fields.count("image_size", 224),
    patchSize: fields.count("patch_size", 32),
  };
  fields.ignore("bos_token_id", "pad_token_id", "eos_token_id");
  fields.done();
  checkHeads(config, where);
  if (config.imageSize % config.patchSize !== 0)
    throw new ConfigError(
      `${where}: image_size`,
      `a multiple of patch_size ${String(config.patchSize)}`,
      String(config.imageSize),
    );
  return config;
}

interface TowerDefaults {
  readonly hidden: number;
  readonly intermediate: number;
  readonly layers: number;
  readonly heads: number;
}

function tower(fields: ConfigFields, standard: TowerDefaults): TowerConfig {
  fields.fixed("attention_dropout", 0);
  fields.fixed("dropout", 0);
  fields.ignore(...GENERIC);
  return {
    hiddenSize: fields.count("hidden_size", standard.hidden),
    intermediateSize: fields.count("intermediate_size", standard.intermediate),
    layers: fields.count("num_hidden_layers", standard.layers),
    heads: fields.count("num_attention_heads", standard.heads),
    hiddenAct: fields.choice("hidden_act", ["quick_gelu", "gelu"], "quick_gelu"),
    layerNormEps: fields.number("layer_norm_eps", 1e-5),
    projectionDim: fields.count("projection_dim", 512),
  };
}

function checkHeads({ hiddenSize, heads }: TowerConfig, where: string): void {
  // Attention kernels read whole vectors of four.
  if (hiddenSize % (4 * heads) !== 0)
    throw new ConfigError(
      `${where}: num_attention_heads`,
      `a number of heads whose size is a multiple of 4 for hidden_size ${String(hiddenSize)}`,
      String(heads),
    );
}

/** Fields that transformers writes into every configuration and that change nothing in these models. */
const GENERIC = [
  "architectures",
  "model_type",
  "transformers_version",
  "torch_dtype",
  "dtype",
  "initializer_range",
  "initializer_factor",
  "output_hidden_states",
  "output_attentions",
  "return_dict",
  "chunk_size_feed_forward",
  "is_encoder_decoder",
  "id2label",
  "label2id",
  "problem_type",
  "use_cache",
  "gradient_checkpointing",
];
