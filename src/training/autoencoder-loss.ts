/** The training objective of the variational autoencoder. */
import { add, affine, exp, mul, square, sub } from "../graph/ops/elementwise.ts";
import { meanSquaredError } from "../graph/ops/loss.ts";
import { mean } from "../graph/ops/mean.ts";
import { slice } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sizeOf } from "../graph/tensor.ts";

/** The loss and its parts, one element each. */
export interface AutoencoderLoss {
  readonly loss: Tensor;
  readonly reconstruction: Tensor;
  readonly divergence: Tensor;
}

/**
 * Mean squared error of the reconstruction plus the weighted mean divergence of the posterior from a standard normal.
 *
 * @param images [n, h, w, 3] in [-1, 1]
 * @param noise of the latents' shape, standard normal
 * @param encode gives moments [n, h', w', 2c]: means, then log variances
 * @param decode gives images from latents [n, h', w', c]
 * @param weight of the divergence, a mean over latent elements
 *
 * Kingma & Welling 2014, arXiv:1312.6114, equation 10.
 */
export function autoencoderLoss(
  images: Tensor,
  noise: Tensor,
  encode: (images: Tensor) => Tensor,
  decode: (latents: Tensor) => Tensor,
  weight: number,
): AutoencoderLoss {
  const moments = encode(images);
  const channels = sizeOf(moments, -1) / 2;
  const means = slice(moments, 0, channels);
  const logVariances = slice(moments, channels, channels);
  const latents = add(means, mul(exp(affine(logVariances, 0.5)), noise));
  const reconstruction = meanSquaredError(decode(latents), images);
  // ½ (μ² + σ² − 1 − log σ²)
  const excess = sub(add(square(means), exp(logVariances)), logVariances);
  const divergence = mean(affine(excess, 0.5, -0.5));
  return { loss: add(reconstruction, affine(divergence, weight)), reconstruction, divergence };
}
