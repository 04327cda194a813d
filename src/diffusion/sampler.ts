/** Samplers as data: every step is a handful of scalars, so that one kernel (or the loop below) runs them all. */
import { ShapeError } from "../errors.ts";

/**
 * One evaluation of the model and the update that follows it:
 *
 *     eps = Σ_k epsWeights[k] · history[k]        history[0] is the model's newest output
 *     x'  = sampleWeight · x + epsWeight · eps + noiseWeight · n        n standard normal
 *
 * where x is the current sample, or the one that an earlier step remembered.
 */
export interface SamplerStep {
  /** What the model is told; the model always sees the current sample. */
  readonly timestep: number;
  /** Which sample the update starts from. */
  readonly from: "current" | "remembered";
  /** Whether the current sample is kept, before the update, for a later `from: "remembered"`. */
  readonly remembersSample: boolean;
  /** Whether the model's output joins the history that later steps combine. */
  readonly keepsEps: boolean;
  readonly sampleWeight: number;
  readonly epsWeight: number;
  readonly noiseWeight: number;
  /** Newest first: [0] weighs this step's output, [k] the k-th most recent one that was kept. */
  readonly epsWeights: readonly number[];
}

/** Predicted noise of a sample at a timestep, of the sample's length. */
export type NoiseModel = (x: Float64Array, timestep: number) => Float64Array;

/**
 * Runs a sampler on the CPU in f64: the definition that GPU programs are held against.
 *
 * @param steps from `ddimSteps` or `pndmSteps`
 * @param start the noisy sample at the first step's timestep; it is not changed
 * @param model predicts the noise
 * @param noise standard normal numbers of the sample's length for step i; asked only where `noiseWeight` is not 0
 * @returns the sample after the last step
 * @throws ShapeError when the model's output has another length, a step refers to history or a remembered sample that
 *   is not there, or a step adds noise and `noise` is not given
 */
export function sample(
  steps: readonly SamplerStep[],
  start: Float64Array,
  model: NoiseModel,
  noise?: (step: number) => Float64Array,
): Float64Array {
  let x = Float64Array.from(start);
  let remembered: Float64Array | null = null;
  let history: Float64Array[] = [];
  steps.forEach((step, i) => {
    const where = `sampler step ${String(i)}`;
    const output = model(x, step.timestep);
    if (output.length !== x.length) throw new ShapeError(`${where}: model output`, [x.length], [output.length]);
    const recent = [output, ...history];
    if (recent.length < step.epsWeights.length)
      throw new ShapeError(`${where}: history`, [step.epsWeights.length], [recent.length]);
    if (step.remembersSample) remembered = x;
    const base: Float64Array | null = step.from === "remembered" ? remembered : x;
    if (base === null) throw new ShapeError(where, "a remembered sample", "none");
    const fresh = step.noiseWeight === 0 ? null : noise?.(i);
    if (fresh === undefined) throw new ShapeError(where, "noise", "none");
    x = base.map((value, j) => {
      let eps = 0;
      step.epsWeights.forEach((weight, k) => (eps += weight * (recent[k]?.[j] ?? NaN)));
      return step.sampleWeight * value + step.epsWeight * eps + (fresh ? step.noiseWeight * (fresh[j] ?? NaN) : 0);
    });
    if (step.keepsEps) history = recent.slice(0, 3);
  });
  return x;
}
