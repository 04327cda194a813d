/** DDIM: the sampler that jumps along the schedule, with or without fresh noise. */
import { ConfigError } from "../errors.ts";
import type { SamplerStep } from "./sampler.ts";
import { alphaCumprodAt, leadingTimesteps, type Schedule } from "./schedule.ts";

/** How DDIM departs from the deterministic whole trajectory. */
export interface DdimOptions {
  /** 0 is deterministic; 1 has the variance of ancestral sampling. */
  readonly eta?: number;
  /**
   * Share of the schedule to start from, in (0, 1]: timesteps above `noiseLevel · T` are left out. Noise a clean latent
   * with `noisingWeights` at the first remaining timestep. Luzi et al. 2022, arXiv:2210.12100 (Boomerang).
   */
  readonly noiseLevel?: number;
}

/**
 * The steps of a DDIM sampler, noisiest first.
 *
 * With a = alphasCumprod at t and p at the next, less noisy, timestep:
 * `s = eta · sqrt((1 - p) / (1 - a)) · sqrt(1 - a / p)`,
 * `x' = sqrt(p) · (x - sqrt(1 - a) · eps) / sqrt(a) + sqrt(1 - p - s²) · eps + s · n`.
 *
 * @param steps number of steps on the whole schedule; fewer remain when `noiseLevel` is below 1
 * @throws ConfigError when `steps` does not fit the schedule, eta is not in [0, 1], or `noiseLevel` leaves no step
 *
 * Song et al. 2021, arXiv:2010.02502, equations 12 and 16; no clipping, as Stable Diffusion has it.
 */
export function ddimSteps(schedule: Schedule, steps: number, options: DdimOptions = {}): SamplerStep[] {
  const { eta = 0, noiseLevel = 1 } = options;
  if (!(eta >= 0 && eta <= 1)) throw new ConfigError("ddim eta", "a number from 0 to 1", String(eta));
  const stride = Math.floor(schedule.trainTimesteps / steps);
  const highest = noiseLevel * schedule.trainTimesteps + schedule.stepsOffset;
  const timesteps = leadingTimesteps(schedule, steps).filter((t) => t <= highest);
  if (timesteps.length === 0 || !(noiseLevel <= 1))
    throw new ConfigError("ddim noiseLevel", "a number in (0, 1] that leaves a step", String(noiseLevel));
  return timesteps.map((t) => ddimStep(schedule, t, t - stride, eta));
}

function ddimStep(schedule: Schedule, t: number, previous: number, eta: number): SamplerStep {
  const alpha = alphaCumprodAt(schedule, t);
  const alphaPrevious = alphaCumprodAt(schedule, previous);
  const sigma = eta * Math.sqrt((1 - alphaPrevious) / (1 - alpha)) * Math.sqrt(1 - alpha / alphaPrevious);
  const direction = Math.sqrt(1 - alphaPrevious - sigma ** 2);
  return {
    timestep: t,
    from: "current",
    remembersSample: false,
    keepsEps: false,
    sampleWeight: Math.sqrt(alphaPrevious / alpha),
    epsWeight: direction - Math.sqrt((alphaPrevious * (1 - alpha)) / alpha),
    noiseWeight: sigma,
    epsWeights: [1],
  };
}
