/** The networks of a world, loaded and ready: prompts to conditioning, texts and images to one space, images to latents. */
import { splitRows } from "../data/rows.ts";
import type { Backend, Variables } from "../backends/backend.ts";
import type { LatentDiffusion } from "../diffusion/pipeline.ts";
import { objectField, parseConfigJson, type ConfigJson } from "../models/config-fields.ts";
import { sha256 } from "../storage/hash.ts";
import type { ReadFile } from "../storage/kept-files.ts";
import { bytesSource } from "../weights/byte-source.ts";
import { loadParameters } from "../weights/checkpoint.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { readClipFiles } from "./clip-files.ts";
import type { ImageList, WordedText } from "./lab-encoders.ts";
import { LabEncoders } from "./lab-encoders.ts";
import type { NetworkPart } from "./lab-networks.ts";
import { LabNetworks, modelFiles, networkParts } from "./lab-networks.ts";
import { hashOfNetworkFiles } from "./networks-hash.ts";

/** Everything that methods and analyses ask of the networks. */
export interface LabModels {
  /** Weights of all networks. */
  readonly variables: Variables;
  readonly diffusion: LatentDiffusion;
  /** The modules that the weights belong to. */
  readonly networks: LabNetworks;
  /** Each template's conditioning with its pseudo-word, [tokens, width]. */
  encodeWorded(texts: readonly WordedText[]): Promise<Float32Array[]>;
  /** Each text's conditioning, [tokens, width]. */
  encodePrompts(texts: readonly string[]): Promise<Float32Array[]>;
  /** [n, dim], rows of length 1 */
  embedTexts(texts: readonly string[]): Promise<Float32Array>;
  /** [n, dim], rows of length 1 */
  embedImages(images: ImageList): Promise<Float32Array>;
  /** The means of images' latents, scaled as the denoiser sees them. @returns [n, h, w, c] */
  encodeImages(images: ImageList): Promise<Float32Array>;
  readonly embeddingWidth: number;
  /** SHA-256 over the files: equal exactly when the networks are. */
  readonly hash: string;
  /** SHA-256 of the autoencoder's weights, as their file holds them. */
  readonly vaeHash: string;
}

/**
 * Loads a models' folder.
 * @throws MissingError, ShapeError, ConfigError, FormatError naming file and key
 */
export async function loadLabModels(backend: Backend, read: ReadFile): Promise<LabModels> {
  const { networks, variables, hash, fileHashes } = await loadNetworks(backend, read, networkParts);
  const encoders = new LabEncoders(backend, variables, networks);
  const [tokens, width] = networks.contextShape;
  return {
    variables,
    diffusion: networks.diffusion(),
    networks,
    encodePrompts: async (texts) => splitRows((await encoders.texts(texts)).contexts, tokens * width),
    encodeWorded: async (texts) => splitRows(await encoders.worded(texts), tokens * width),
    embedTexts: async (texts) => (await encoders.texts(texts)).embeddings,
    embedImages: (images) => encoders.images(images),
    encodeImages: (images) => encoders.latents(images),
    embeddingWidth: networks.clip.config.text.projectionDim,
    hash,
    vaeHash: fileHashes.get(modelFiles.vae)!,
  };
}

/** Networks with the weights of some of their parts. */
export interface LoadedNetworks {
  readonly networks: LabNetworks;
  readonly variables: Variables;
  /** SHA-256 over the files that were read. */
  readonly hash: string;
  /** SHA-256 of each of them, by path. */
  readonly fileHashes: ReadonlyMap<string, string>;
}

/** Builds the networks and loads the weights of some parts. */
export async function loadNetworks(
  backend: Backend,
  read: ReadFile,
  parts: readonly NetworkPart[],
): Promise<LoadedNetworks> {
  const fileHashes = new Map<string, string>();
  const hashed = async (path: string): Promise<Uint8Array> => {
    const content = await read(path);
    fileHashes.set(path, await sha256(content));
    return content;
  };
  const networks = await readNetworks(hashed);
  const variables = backend.variables();
  for (const part of parts) {
    const path = modelFiles[part];
    const file = await openSafetensors(bytesSource(path, await hashed(path)));
    await loadParameters(networks.parametersOf(part), variables, file);
  }
  return { networks, variables, hash: await hashOfNetworkFiles(fileHashes), fileHashes };
}

/** Builds the networks, without weights, from the tokenizer's and the configurations' files. */
export async function readNetworks(read: ReadFile): Promise<LabNetworks> {
  const json = async (path: string): Promise<ConfigJson> =>
    parseConfigJson(new TextDecoder().decode(await read(path)), path);
  const { tokenizer, config: clip } = await readClipFiles(read);
  return new LabNetworks(tokenizer, {
    text: objectField(clip, "text_config", modelFiles.clipConfig),
    vision: objectField(clip, "vision_config", modelFiles.clipConfig),
    vae: await json(modelFiles.vaeConfig),
    unet: await json(modelFiles.unetConfig),
  });
}
