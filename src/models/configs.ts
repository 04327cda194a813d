/** The configurations of the published models and of the mini world's: the same code runs both. */
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

/** The mini world's text tower. */
export const miniText: ClipTextConfig = {
  hiddenSize: 128,
  intermediateSize: 512,
  layers: 4,
  heads: 4,
  hiddenAct: "quick_gelu",
  layerNormEps: 1e-5,
  projectionDim: 128,
  vocabSize: 2048,
  maxPositions: 32,
  endOfText: 2047,
};

/** The mini world's image tower: 32 px images in 64 patches. */
export const miniImage: ClipImageConfig = {
  hiddenSize: 128,
  intermediateSize: 512,
  layers: 4,
  heads: 4,
  hiddenAct: "quick_gelu",
  layerNormEps: 1e-5,
  projectionDim: 128,
  channels: 3,
  imageSize: 32,
  patchSize: 4,
};

/** The mini world's U-Net over 8×8 latents. */
export const miniUnet: UnetConfig = {
  inChannels: 4,
  outChannels: 4,
  blockOutChannels: [64, 128, 128],
  downAttention: [true, true, false],
  upAttention: [false, true, true],
  layersPerBlock: 1,
  heads: [4, 4, 4],
  transformerDepth: [1, 1, 1],
  crossAttentionDim: 128,
  normNumGroups: 16,
  normEps: 1e-5,
  flipSinToCos: true,
  freqShift: 0,
  timesteps: 1000,
};

/** The mini world's autoencoder: 32 px images to 8×8 latents. */
export const miniVae: VaeConfig = {
  inChannels: 3,
  outChannels: 3,
  latentChannels: 4,
  blockOutChannels: [32, 64, 64],
  layersPerBlock: 1,
  normNumGroups: 16,
  scalingFactor: 1,
  midBlockAddAttention: true,
};
