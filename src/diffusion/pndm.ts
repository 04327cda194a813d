/** PNDM without its Runge-Kutta warm-up (PLMS): DDIM's jump with a linear multistep estimate of the noise. */
import type { SamplerStep } from "./sampler.ts";
import { alphaCumprodAt, leadingTimesteps, type Schedule } from "./schedule.ts";

/** Adams-Bashforth weights by how many outputs are at hand, newest first. */
const multistepWeights: readonly (readonly number[])[] = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];

/**
 * The steps of a PNDM sampler with `skip_prk_steps`, noisiest first: one evaluation more than `steps` (none more at 1).
 *
 * The second evaluation looks at the result of the first transition and repeats that transition, from the remembered
 * sample, with the mean of both outputs; its own output is not kept.
 *
 * @throws ConfigError when `steps` does not fit the schedule
 *
 * Liu et al. 2022, arXiv:2202.09778; diffusers scheduling_pndm.py `step_plms`.
 */
export function pndmSteps(schedule: Schedule, steps: number): SamplerStep[] {
  const timesteps = leadingTimesteps(schedule, steps);
  const stride = Math.floor(schedule.trainTimesteps / steps);
  const first = timesteps[0] ?? 0;
  const start: SamplerStep = { ...transition(schedule, first, stride), remembersSample: true };
  if (steps === 1) return [start];
  const repeat: SamplerStep = {
    ...transition(schedule, first, stride),
    timestep: first - stride,
    from: "remembered",
    keepsEps: false,
    epsWeights: [1 / 2, 1 / 2],
  };
  const rest = timesteps.slice(1).map((t, i) => ({
    ...transition(schedule, t, stride),
    epsWeights: multistepWeights[Math.min(i + 1, 3)] ?? [],
  }));
  return [start, repeat, ...rest];
}

// x' = sqrt(p / a) x - (p - a) / (a sqrt(1 - p) + sqrt(a (1 - a) p)) eps
function transition(schedule: Schedule, t: number, stride: number): SamplerStep {
  const alpha = alphaCumprodAt(schedule, t);
  const alphaPrevious = alphaCumprodAt(schedule, t - stride);
  const denominator = alpha * Math.sqrt(1 - alphaPrevious) + Math.sqrt(alpha * (1 - alpha) * alphaPrevious);
  return {
    timestep: t,
    from: "current",
    remembersSample: false,
    keepsEps: true,
    sampleWeight: Math.sqrt(alphaPrevious / alpha),
    epsWeight: (alpha - alphaPrevious) / denominator,
    noiseWeight: 0,
    epsWeights: [1],
  };
}
