/** Networks of the lab with random weights, as the files of a models' folder. */
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { LabNetworks, modelFiles, networkParts, type LabConfigs } from "../../src/experiment/lab-networks.ts";
import { miniText, miniUnet, miniVae, miniVision } from "../../src/models/mini.ts";
import { initialise } from "../../src/nn/parameters.ts";
import { ClipTokenizer, formatMerges } from "../../src/tokenizer/clip-tokenizer.ts";
import { trainMerges } from "../../src/tokenizer/train-merges.ts";
import { saveParameters } from "../../src/weights/checkpoint.ts";

const captions = ["red thing", "green thing", "blue thing", "a photo of a thing", "a bad photo of a red thing"];

/** The smallest networks that have every part, for pictures of 16 px. */
export const tinyConfigs = (vocabulary: number): LabConfigs => ({
  text: {
    ...miniText(vocabulary),
    hidden_size: 16,
    intermediate_size: 32,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    projection_dim: 16,
  },
  vision: {
    ...miniVision,
    hidden_size: 16,
    intermediate_size: 32,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    projection_dim: 16,
    image_size: 16,
    patch_size: 8,
  },
  vae: {
    ...miniVae,
    block_out_channels: [8, 8],
    down_block_types: ["DownEncoderBlock2D", "DownEncoderBlock2D"],
    up_block_types: ["UpDecoderBlock2D", "UpDecoderBlock2D"],
    norm_num_groups: 4,
  },
  unet: {
    ...miniUnet,
    block_out_channels: [8, 16],
    attention_head_dim: 2,
    cross_attention_dim: 16,
    norm_num_groups: 4,
  },
});

/** @param configs of the networks, by the vocabulary's size */
export async function randomModels(
  configs: (vocabulary: number) => LabConfigs,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const merges = trainMerges(captions, 530);
  const tokenizer = ClipTokenizer.fromMerges(merges);
  const { text, vision, vae, unet } = configs(tokenizer.size);
  const networks = new LabNetworks(tokenizer, { text, vision, vae, unet });
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const files = new Map<string, Uint8Array>([
    [modelFiles.merges, new TextEncoder().encode(formatMerges(merges))],
    [modelFiles.clipConfig, json({ text_config: text, vision_config: vision })],
    [modelFiles.vaeConfig, json(vae)],
    [modelFiles.unetConfig, json(unet)],
  ]);
  const variables = new ReferenceBackend().variables();
  for (const part of networkParts) {
    const parameters = networks.parametersOf(part);
    initialise(parameters, variables, 1);
    const pieces: Uint8Array[] = [];
    for await (const piece of saveParameters(parameters, variables, { dtype: "F32" })) pieces.push(piece);
    files.set(modelFiles[part], Uint8Array.from(pieces.flatMap((piece) => [...piece])));
  }
  return files;
}
