/** The training objective of a diffusion model: predict the noise that was mixed in. */
import { add, mul, square, sub } from "../graph/ops/elementwise.ts";
import { mean } from "../graph/ops/mean.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sizeOf } from "../graph/tensor.ts";
import { fillNormal, fillUniform, streamKey } from "../random.ts";
import { alphaCumprodAt, noisingWeights } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";

/** What a batch needs besides latents and context, drawn on the host. */
export interface NoiseDraw {
  /** [n], 0 to 999 */
  readonly timesteps: Uint32Array;
  /** [n], √ᾱ_t */
  readonly signal: Float32Array;
  /** [n], √(1 − ᾱ_t) */
  readonly spread: Float32Array;
  /** [n · size], standard normal */
  readonly noise: Float32Array;
}

/** The tensors of a batch: its latents, what was drawn for it and what the model is told. */
export interface DenoisingInputs {
  /** [n, h, w, c] */
  readonly latents: Tensor;
  /** [n, h, w, c] */
  readonly noise: Tensor;
  /** [n] */
  readonly signal: Tensor;
  /** [n] */
  readonly spread: Tensor;
  /** [n] u32 */
  readonly timesteps: Tensor;
  /** [n, tokens, width] */
  readonly context: Tensor;
}

/** Predicted noise [n, h, w, c] from noisy latents, timesteps and context. */
export type Denoise = (noisy: Tensor, timesteps: Tensor, context: Tensor) => Tensor;

/** (ε − ε_θ(√ᾱ_t z + √(1 − ᾱ_t) ε, t, context))², element by element. @returns [n, h, w, c] */
export function denoisingErrors(denoise: Denoise, inputs: DenoisingInputs): Tensor {
  const { latents, noise, signal, spread, timesteps, context } = inputs;
  const noisy = add(mul(latents, perImage(signal)), mul(noise, perImage(spread)));
  return square(sub(denoise(noisy, timesteps, context), noise));
}

/**
 * E w_t ‖ε − ε_θ(√ᾱ_t z + √(1 − ᾱ_t) ε, t, context)‖², mean over elements.
 *
 * @param inputs weights [n], such as `minSnrWeights`; all 1 when absent
 * @returns [1]
 *
 * Ho et al. 2020, arXiv:2006.11239, equation 14.
 */
export function denoisingLoss(denoise: Denoise, inputs: DenoisingInputs & { readonly weights?: Tensor }): Tensor {
  const errors = denoisingErrors(denoise, inputs);
  return mean(inputs.weights ? mul(errors, perImage(inputs.weights)) : errors);
}

const perImage = (x: Tensor): Tensor => reshape(x, [sizeOf(x, 0), 1, 1, 1]);

/**
 * Weights that keep timesteps of little noise, whose errors are easy to mend and hard to see, from ruling the training:
 * min(SNR, γ) / SNR.
 *
 * Hang et al. 2023, arXiv:2303.09556, equation 9, for a model that predicts the noise; γ = 5 there.
 */
export function minSnrWeights(schedule: Schedule, timesteps: Uint32Array, gamma = 5): Float32Array {
  return Float32Array.from(timesteps, (t) => {
    const alpha = alphaCumprodAt(schedule, t);
    return Math.min(1, (gamma * (1 - alpha)) / alpha);
  });
}

/**
 * Draws timesteps and noise for each example of a step; depends on (seed, stream, step) alone. Timesteps are uniform, one
 * from each nth of the schedule, so that steps differ less than with independent draws (Kingma et al. 2021,
 * arXiv:2107.00630, appendix I.1).
 *
 * @param n examples
 * @param size elements of one example's latents
 */
export function drawNoise(
  schedule: Schedule,
  n: number,
  size: number,
  seed: number,
  stream: string,
  step: number,
): NoiseDraw {
  const key = streamKey(seed, stream);
  const uniforms = new Float32Array(n);
  fillUniform(uniforms, key, 0xffffffff, step);
  const timesteps = Uint32Array.from(uniforms, (u, i) => Math.floor(((i + u) / n) * schedule.trainTimesteps));
  const weights = Array.from(timesteps, (t) => noisingWeights(schedule, t));
  const noise = new Float32Array(n * size);
  for (let i = 0; i < n; i++) fillNormal(noise.subarray(i * size, (i + 1) * size), key, i, step);
  return {
    timesteps,
    signal: Float32Array.from(weights, ({ signal }) => signal),
    spread: Float32Array.from(weights, (weight) => weight.noise),
    noise,
  };
}
