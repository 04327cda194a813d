/** What latents look like, without a decoder: one linear map from their channels to red, green and blue. */
import { ShapeError } from "../errors.ts";
import type { Image } from "../data/image.ts";

/** A linear map from the channels of an autoencoder's latents to colours. */
export interface LatentPreview {
  /** [3][channels] */
  readonly weights: readonly (readonly number[])[];
  /** [3] */
  readonly bias: readonly number[];
}

/** A map that was fitted, and how well it fits. */
export interface FittedPreview extends LatentPreview {
  /**
   * Root of the mean square of what is left between the map's colours and those of the pictures, averaged to the latents' size;
   * colours run from -1 to 1.
   */
  readonly residual: number;
  /** The same of a map that always gives the pictures' mean colour: what the residual is small against. */
  readonly spread: number;
}

/** A fitted map, and the one autoencoder that it belongs to. */
export interface KnownPreview extends FittedPreview {
  /** SHA-256 of the autoencoder's weights, as their file holds them. */
  readonly weightsHash: string;
  /** By which latents are multiplied after encoding. */
  readonly scalingFactor: number;
}

/**
 * For the autoencoder of `public/models/mini`: fitted to every eighth picture of the mini world's pool by
 * `scripts/fit-latent-preview.ts`, which prints these numbers (`npm run fit:latent-preview`).
 */
export const miniPreview: KnownPreview = {
  weightsHash: "d4ba8d8fc71a99556be80891b2c3971bdbccc58679e40e6e7b9c774516f9cf0a",
  scalingFactor: 0.85,
  weights: [
    [-0.0355, 0.1869, -0.0291, 0.0317],
    [-0.1541, -0.0853, -0.2391, -0.0898],
    [-0.3635, -0.1622, -0.1665, -0.1261],
  ],
  bias: [0.3881, 0.3424, 0.3016],
  residual: 0.2706,
  spread: 0.4043,
};

/**
 * The map for an autoencoder: fitted where it is the one that a map is known of, else grey by the mean of all channels, which
 * shows where something is and not what colour it has.
 *
 * @param channels of its latents
 */
export function latentPreviewOf(weightsHash: string, scalingFactor: number, channels: number): LatentPreview {
  const isKnown = weightsHash === miniPreview.weightsHash && scalingFactor === miniPreview.scalingFactor;
  return isKnown ? miniPreview : greyPreview(channels);
}

/** Standard deviations of the channels' mean that run from black to white, to either side of grey. */
const greyReach = 2;

/** Latents have a variance of about 1, so that the mean of n channels has one of about 1 / n. */
function greyPreview(channels: number): LatentPreview {
  const row = new Array<number>(channels).fill(1 / (greyReach * Math.sqrt(channels)));
  return { weights: [row, row, row], bias: [0, 0, 0] };
}

/**
 * Pictures of latents, a pixel for each place.
 *
 * @param latents [n, h, w, c], scaled as the denoiser sees them
 * @param shape [h, w, c]
 * @returns n pictures of w × h
 * @throws ShapeError when the latents are no whole number of such, or the map is for other channels
 */
export function previewLatents(
  latents: Float32Array,
  [h, w, c]: readonly [number, number, number],
  { weights, bias }: LatentPreview,
): Image[] {
  if (latents.length % (h * w * c) !== 0)
    throw new ShapeError("latent preview", `[n, ${[h, w, c].join(", ")}]`, [latents.length]);
  if (weights.some(({ length }) => length !== c))
    throw new ShapeError("latent preview: map", [3, c], [3, weights[0]!.length]);
  return Array.from({ length: latents.length / (h * w * c) }, (_, n) => {
    const data = new Uint8Array(h * w * 3);
    for (let place = 0; place < h * w; place++) {
      const at = (n * h * w + place) * c;
      weights.forEach((row, k) => {
        const value = row.reduce((sum, weight, i) => sum + weight * latents[at + i]!, bias[k]!);
        data[place * 3 + k] = Math.round(Math.min(Math.max((value + 1) * 127.5, 0), 255));
      });
    }
    return { width: w, height: h, data };
  });
}
