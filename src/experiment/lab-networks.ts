/** The networks of a world: modules without weights, their configurations and the files that hold them. */
import type { LatentDiffusion } from "../diffusion/pipeline.ts";
import { affine } from "../graph/ops/elementwise.ts";
import { Clip } from "../models/clip/clip.ts";
import { parseClipImageConfig, parseClipTextConfig } from "../models/clip/config.ts";
import type { ConfigJson } from "../models/config-fields.ts";
import { parseUnetConfig } from "../models/unet/config.ts";
import { Unet } from "../models/unet/unet.ts";
import { parseVaeConfig } from "../models/vae/config.ts";
import { VaeDecoder } from "../models/vae/decoder.ts";
import { VaeEncoder } from "../models/vae/encoder.ts";
import { Parameters } from "../nn/parameters.ts";
import type { ClipTokenizer } from "../tokenizer/clip-tokenizer.ts";

/** The networks' configurations, as their config.json files hold them. */
export interface LabConfigs {
  readonly text: ConfigJson;
  readonly vision: ConfigJson;
  readonly vae: ConfigJson;
  readonly unet: ConfigJson;
}

/** The files of a models' folder. */
export const modelFiles = {
  merges: "tokenizer/merges.txt",
  clip: "clip/model.safetensors",
  clipConfig: "clip/config.json",
  vae: "vae/diffusion_pytorch_model.safetensors",
  vaeConfig: "vae/config.json",
  unet: "unet/diffusion_pytorch_model.safetensors",
  unetConfig: "unet/config.json",
} as const;

/** Those that CLIP's text tower is loaded from. */
export const textTowerFiles = [modelFiles.merges, modelFiles.clipConfig, modelFiles.clip];

/** The pool's embeddings beside them; a folder need not have them, and no network is loaded from them. */
export const recordedEmbeddingsPath = "clip/pool.safetensors";

/** Networks without weights: the modules, and the lists of what they ask for. */
export class LabNetworks {
  readonly clip: Clip;
  readonly vaeEncoder: VaeEncoder;
  readonly vaeDecoder: VaeDecoder;
  readonly unet: Unet;

  constructor(
    readonly tokenizer: ClipTokenizer,
    readonly configs: LabConfigs,
  ) {
    const text = parseClipTextConfig(configs.text, modelFiles.clipConfig);
    const image = parseClipImageConfig(configs.vision, modelFiles.clipConfig);
    this.clip = new Clip(new Parameters("clip."), { text, image });
    const vae = new Parameters("vae.");
    const vaeConfig = parseVaeConfig(configs.vae, modelFiles.vaeConfig);
    this.vaeEncoder = new VaeEncoder(vae, vaeConfig);
    this.vaeDecoder = new VaeDecoder(vae, vaeConfig);
    this.unet = new Unet(new Parameters("unet."), parseUnetConfig(configs.unet, modelFiles.unetConfig));
  }

  /** Side of the images. */
  get resolution(): number {
    return this.clip.config.image.imageSize;
  }

  /** [h, w, c] of an image's latents. */
  get latentShape(): [number, number, number] {
    const { blockOutChannels, latentChannels } = this.vaeEncoder.config;
    const side = this.resolution / 2 ** (blockOutChannels.length - 1);
    return [side, side, latentChannels];
  }

  /** [tokens, width] of a prompt's conditioning. */
  get contextShape(): [number, number] {
    const { maxPositions, hiddenSize } = this.clip.config.text;
    return [maxPositions, hiddenSize];
  }

  /** What a part's file holds the weights of. */
  parametersOf(part: NetworkPart): Parameters {
    return { clip: this.clip, vae: this.vaeEncoder, unet: this.unet }[part].parameters;
  }

  /** The denoiser and decoder as the sampling pipeline takes them. */
  diffusion(): LatentDiffusion {
    const { scalingFactor } = this.vaeDecoder.config;
    return {
      denoise: (sample, timestep, encoderHiddenStates) => this.unet.forward({ sample, timestep, encoderHiddenStates }),
      decode: (latents) => this.vaeDecoder.forward(affine(latents, 1 / scalingFactor)),
      latentShape: this.latentShape,
      contextShape: this.contextShape,
      resolution: this.resolution,
    };
  }
}

/** The parts of the networks, each with a file of its own. */
export const networkParts = ["clip", "vae", "unet"] as const;

/** One of them. */
export type NetworkPart = (typeof networkParts)[number];
