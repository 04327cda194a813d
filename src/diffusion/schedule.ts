/** The noise schedule: how much signal and how much noise a latent holds at each timestep. */
import { ConfigError } from "../errors.ts";
import { fillNormal, streamKey } from "../random.ts";

/** What decides a schedule; field names are those of diffusers' scheduler_config.json. */
export interface ScheduleConfig {
  /** Timesteps that the model was trained on (T). */
  readonly trainTimesteps: number;
  /** Variance added at timestep 0. */
  readonly betaStart: number;
  /** Variance added at timestep T - 1. */
  readonly betaEnd: number;
  /** Added to every sampling timestep: 1 makes the last one 1 and the first one 981 at 50 steps. */
  readonly stepsOffset: number;
}

/** A schedule made ready to read. */
export interface Schedule extends ScheduleConfig {
  /** [T], the variance that each timestep adds. */
  readonly betas: Float64Array;
  /** [T], share of signal variance left: the product of 1 - beta up to and including t. */
  readonly alphasCumprod: Float64Array;
}

/** Stable Diffusion v1's schedule (its published scheduler_config.json). */
export const stableDiffusionSchedule: ScheduleConfig = {
  trainTimesteps: 1000,
  betaStart: 0.00085,
  betaEnd: 0.012,
  stepsOffset: 1,
};

/**
 * The "scaled linear" schedule: betas whose square roots are evenly spaced.
 *
 * @throws ConfigError when the timesteps are not a whole number >= 2 or not 0 < betaStart <= betaEnd < 1
 *
 * CompVis/stable-diffusion ldm/modules/diffusionmodules/util.py `make_beta_schedule`, where it is called "linear".
 */
export function scaledLinearSchedule(config: ScheduleConfig = stableDiffusionSchedule): Schedule {
  const { trainTimesteps, betaStart, betaEnd } = config;
  if (!Number.isInteger(trainTimesteps) || trainTimesteps < 2)
    throw new ConfigError("schedule trainTimesteps", "a whole number >= 2", String(trainTimesteps));
  if (!(betaStart > 0 && betaStart <= betaEnd && betaEnd < 1))
    throw new ConfigError("schedule betas", "0 < betaStart <= betaEnd < 1", `${String(betaStart)}, ${String(betaEnd)}`);
  const first = Math.sqrt(betaStart);
  const gap = (Math.sqrt(betaEnd) - first) / (trainTimesteps - 1);
  const betas = Float64Array.from({ length: trainTimesteps }, (_, t) => (first + gap * t) ** 2);
  const alphasCumprod = new Float64Array(trainTimesteps);
  let product = 1;
  betas.forEach((beta, t) => (alphasCumprod[t] = product *= 1 - beta));
  return { ...config, betas, alphasCumprod };
}

/**
 * The timesteps that a sampler of `steps` steps visits, noisiest first ("leading" spacing).
 *
 * @param steps 1..T, such that the first timestep exists in the schedule
 * @throws ConfigError when it does not
 *
 * diffusers `timestep_spacing="leading"`: multiples of floor(T / steps), plus the offset.
 */
export function leadingTimesteps(schedule: ScheduleConfig, steps: number): number[] {
  const { trainTimesteps, stepsOffset } = schedule;
  const last = (steps - 1) * Math.floor(trainTimesteps / steps) + stepsOffset;
  if (!Number.isInteger(steps) || steps < 1 || steps > trainTimesteps || last >= trainTimesteps)
    throw new ConfigError(
      "sampler steps",
      `a whole number that fits ${String(trainTimesteps)} timesteps`,
      String(steps),
    );
  const ratio = Math.floor(trainTimesteps / steps);
  return Array.from({ length: steps }, (_, i) => (steps - 1 - i) * ratio + stepsOffset);
}

/**
 * Share of signal variance at a timestep, and at the end of sampling (any t < 0) that of timestep 0.
 *
 * diffusers `set_alpha_to_one=false`.
 *
 * @throws ConfigError when t >= T
 */
export function alphaCumprodAt(schedule: Schedule, t: number): number {
  const alpha = schedule.alphasCumprod[Math.max(t, 0)];
  if (alpha === undefined)
    throw new ConfigError("schedule timestep", `a whole number < ${String(schedule.trainTimesteps)}`, String(t));
  return alpha;
}

/**
 * The two scalars that noise a clean latent to timestep t: `signal · x + noise · n`, n standard normal.
 *
 * Ho et al. 2020, arXiv:2006.11239, equation 4.
 *
 * @throws ConfigError when t >= T
 */
export function noisingWeights(schedule: Schedule, t: number): { signal: number; noise: number } {
  const alpha = alphaCumprodAt(schedule, t);
  return { signal: Math.sqrt(alpha), noise: Math.sqrt(1 - alpha) };
}

/**
 * A clean latent noised to timestep t with the noise that sampling would start from for the same image.
 *
 * @param seed with `stream` and `sample` decides the noise
 */
export function noised(
  schedule: Schedule,
  t: number,
  latent: Float32Array,
  seed: number,
  stream: string,
  sample: number,
): Float32Array {
  const { signal, noise } = noisingWeights(schedule, t);
  const normal = new Float32Array(latent.length);
  fillNormal(normal, streamKey(seed, stream), sample, 0);
  return normal.map((value, i) => signal * latent[i]! + noise * value);
}
