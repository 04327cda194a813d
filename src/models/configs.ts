/** The configurations of the published models; those of the mini world are in `mini.ts` and run by the same code. */
import type { ClipImageConfig, ClipTextConfig } from "./clip/config.ts";
import type { UnetConfig } from "./unet/config.ts";
import type { VaeConfig } from "./vae/config.ts";

/** CLIP ViT-L/14's text tower, which is Stable Diffusion v1's text encoder: 123,060,480 parameters without projection. */
export const vitL14Text: ClipTextConfig = {
  hiddenSize: 768,
  intermediateSize: 3072,
  layers: 12,
  heads: 12,
  hiddenAct: "quick_gelu",
  layerNormEps: 1e-5,
  projectionDim: 768,
  vocabSize: 49408,
  maxPositions: 77,
  endOfText: 49407,
};

/** CLIP ViT-L/14's image tower. */
export const vitL14Image: ClipImageConfig = {
  hiddenSize: 1024,
  intermediateSize: 4096,
  layers: 24,
  heads: 16,
  hiddenAct: "quick_gelu",
  layerNormEps: 1e-5,
  projectionDim: 768,
  channels: 3,
  imageSize: 224,
  patchSize: 14,
};

/** Stable Diffusion v1.4's U-Net: 859,520,964 parameters. */
export const sd14Unet: UnetConfig = {
  inChannels: 4,
  outChannels: 4,
  blockOutChannels: [320, 640, 1280, 1280],
  downAttention: [true, true, true, false],
  upAttention: [false, true, true, true],
  layersPerBlock: 2,
  heads: [8, 8, 8, 8],
  transformerDepth: [1, 1, 1, 1],
  crossAttentionDim: 768,
  normNumGroups: 32,
  normEps: 1e-5,
  flipSinToCos: true,
  freqShift: 0,
  timesteps: 1000,
};

/** Stable Diffusion v1's autoencoder: 83,653,863 parameters. */
export const sd14Vae: VaeConfig = {
  inChannels: 3,
  outChannels: 3,
  latentChannels: 4,
  blockOutChannels: [128, 256, 512, 512],
  layersPerBlock: 2,
  normNumGroups: 32,
  scalingFactor: 0.18215,
  midBlockAddAttention: true,
};
