/** The training objective of a diffusion model: predict the noise that was mixed in. */
import { meanSquaredError } from "../graph/ops/loss.ts";
import { add, mul } from "../graph/ops/elementwise.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sizeOf } from "../graph/tensor.ts";
import { fillNormal, fillUniform, streamKey } from "../random.ts";
import { noisingWeights } from "./schedule.ts";
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

/**
 * E ‖ε − ε_θ(√ᾱ_t z + √(1 − ᾱ_t) ε, t, context)‖², mean over elements.
 *
 * @param latents [n, h, w, c]
 * @param noise [n, h, w, c]
 * @param signal [n]
 * @param spread [n]
 * @returns [1]
 *
 * Ho et al. 2020, arXiv:2006.11239, equation 14.
 */
export function denoisingLoss(
  denoise: (noisy: Tensor, timesteps: Tensor, context: Tensor) => Tensor,
  inputs: {
    readonly latents: Tensor;
    readonly noise: Tensor;
    readonly signal: Tensor;
    readonly spread: Tensor;
    readonly timesteps: Tensor;
    readonly context: Tensor;
  },
): Tensor {
  const { latents, noise, signal, spread, timesteps, context } = inputs;
  const n = sizeOf(latents, 0);
  const rows = (x: Tensor): Tensor => reshape(x, [n, 1, 1, 1]);
  const noisy = add(mul(latents, rows(signal)), mul(noise, rows(spread)));
  return meanSquaredError(denoise(noisy, timesteps, context), noise);
}

/**
 * Draws timesteps uniformly, and noise, for each example of a step; depends on (seed, stream, step) alone.
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
  const timesteps = Uint32Array.from(uniforms, (u) => Math.floor(u * schedule.trainTimesteps));
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
