/** Text to images: encode prompts, denoise with guidance, decode. */
import type { Backend, Program, Values, Variables } from "../backends/backend.ts";
import { compileAll } from "../backends/compile-all.ts";
import { ConfigError, NonFiniteError, ShapeError } from "../errors.ts";
import { imageOfSigned, type Image } from "../data/image.ts";
import type { Graph } from "../graph/graph.ts";
import { trace } from "../graph/graph.ts";
import { combine } from "../graph/ops/elementwise.ts";
import { assign } from "../graph/ops/optimizer.ts";
import { broadcastTo } from "../graph/ops/reduce.ts";
import { reshape, slice } from "../graph/ops/shape.ts";
import type { Shape, Tensor } from "../graph/tensor.ts";
import { elementCount } from "../graph/tensor.ts";
import { fillNormal, streamKey } from "../random.ts";
import type { SamplerStep } from "./sampler.ts";

/** The networks of a latent diffusion model, as functions of tensors; their weights are in `variables`. */
export interface LatentDiffusion {
  /** Predicted noise. @param latents [n, h, w, c] @param timesteps [n] u32 @param context [n, tokens, width] */
  denoise(latents: Tensor, timesteps: Tensor, context: Tensor): Tensor;
  /** Pixels in [-1, 1] [n, H, W, 3] from latents [n, h, w, c] as the denoiser sees them. */
  decode(latents: Tensor): Tensor;
  /** [h, w, c] of one image's latents. */
  readonly latentShape: Shape;
  /** [tokens, width] of one prompt's context. */
  readonly contextShape: Shape;
  /** Side of the decoded square image. */
  readonly resolution: number;
}

/** How images are sampled. */
export interface SamplingOptions {
  readonly batch: number;
  readonly steps: readonly SamplerStep[];
  /** Classifier-free guidance; 1 runs the conditional pass alone. */
  readonly guidance: number;
  /** The context of the empty prompt, [tokens, width]. */
  readonly unconditional: Float32Array;
}

/** One image to make. */
export interface ImageRequest {
  /** [tokens, width], the prompt's context. */
  readonly context: Float32Array;
  /** The noise is normal numbers of stream `stream` at this number: image 7 does not depend on images 0 to 6. */
  readonly sample: number;
  /** [h, w, c], a noisy latent at the first step's timestep to start from, instead of noise alone. */
  readonly start?: Float32Array;
}

/** A finished step of a batch that is being sampled. */
export interface StepView {
  /** From 1 to `of`. */
  readonly step: number;
  readonly of: number;
  /** The requests that are sampled: `count` from number `first` on. */
  readonly first: number;
  readonly count: number;
  /**
   * Reads the latents after this step from the device, as noisy as they are; only while the callback has not returned.
   *
   * @returns [count, h, w, c]
   */
  latents(): Promise<Float32Array>;
}

/** What a call of `generate` may set. */
export interface GenerateOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the number made so far. */
  readonly onImages?: ((made: number) => void) | undefined;
  /** Called after each step, and waited for. A step whose latents are not asked for costs nothing more. */
  readonly onStep?: ((view: StepView) => void | Promise<void>) | undefined;
  /** Other steps than the pipeline's, such as the end of a sampler's. */
  readonly steps?: readonly SamplerStep[] | undefined;
}

/** The most predictions that a step combines: PNDM's four. */
const historyLength = 3;

/**
 * Samples images of one model with one sampler. The loop's state stays on the device; a step uploads a few numbers.
 *
 * Ho & Salimans 2022, arXiv:2207.12598 (guidance); Rombach et al. 2022, arXiv:2112.10752 (latent diffusion).
 */
export class DiffusionPipeline {
  private constructor(
    private readonly model: LatentDiffusion,
    private readonly options: SamplingOptions,
    private readonly state: Variables,
    private readonly step: Program,
    private readonly decoder: Program,
  ) {}

  /**
   * Compiles the programs; when that fails, nothing of the loop's state stays.
   * @param variables holds the networks' weights; the loop's state joins them under `sampler.`
   * @throws ConfigError when a step adds noise: only deterministic samplers run here
   */
  static async create(
    backend: Backend,
    variables: Variables,
    model: LatentDiffusion,
    options: SamplingOptions,
  ): Promise<DiffusionPipeline> {
    requireDeterministic(options.steps);
    if (options.unconditional.length !== elementCount(model.contextShape)) {
      throw new ShapeError("pipeline: unconditional context", model.contextShape, [options.unconditional.length]);
    }
    const shape = [options.batch, ...model.latentShape];
    for (const name of stateNames) variables.set(name, { shape, dtype: "f32" }, new Float32Array(elementCount(shape)));
    try {
      const stepping = trace((g) => stepGraph(g, model, options));
      const decoding = trace((g) => ({ images: model.decode(g.parameter({ name: "sampler.latents", shape })) }));
      const { step, decoder } = await compileAll(backend, variables, {
        step: { graph: stepping, label: "denoising step" },
        decoder: { graph: decoding, label: "decode" },
      });
      return new DiffusionPipeline(model, options, variables, step, decoder);
    } catch (error) {
      // Left behind, they would refuse the smaller batch that is tried next.
      for (const name of stateNames) variables.delete(name);
      throw error;
    }
  }

  /**
   * Makes images, at most a batch at a time.
   *
   * @param requests any number
   * @param seed with `stream` decides the noise
   * @returns images in the order of the requests; fewer when the signal stopped it
   * @throws ConfigError when a step adds noise; ShapeError when a start has another size; NonFiniteError, with the number of
   * steps, when a pixel is not finite
   */
  async generate(
    requests: readonly ImageRequest[],
    seed: number,
    stream: string,
    { signal, onImages, onStep, steps = this.options.steps }: GenerateOptions = {},
  ): Promise<Image[]> {
    requireDeterministic(steps);
    const images: Image[] = [];
    const { batch } = this.options;
    for (let start = 0; start < requests.length; start += batch) {
      const part = requests.slice(start, start + batch);
      const context = this.#begin(part, streamKey(seed, stream));
      const tell = (step: number) => onStep?.(this.#view(step, steps.length, start, part.length));
      if (!(await this.#sample(context, steps, tell, signal))) break;
      await this.decoder.run();
      const pixels = await this.decoder.read("images");
      const side = this.model.resolution;
      const size = side * side * 3;
      part.forEach((request, i) => {
        const values = pixels.subarray(i * size, (i + 1) * size);
        requireFinite(values, `${stream}: image ${String(start + i)}, sample ${String(request.sample)}`, steps.length);
        images.push(imageOfSigned(values, side));
      });
      onImages?.(images.length);
    }
    return images;
  }

  /** Releases the programs and the loop's state; the networks' weights stay. */
  dispose(): void {
    this.step.dispose();
    this.decoder.dispose();
    for (const name of stateNames) this.state.delete(name);
  }

  /** Sets a batch's noise and forgets the batch before. @returns its contexts */
  #begin(requests: readonly ImageRequest[], key: readonly [number, number]): Float32Array {
    const { batch, guidance, unconditional } = this.options;
    const size = elementCount(this.model.latentShape);
    const noise = new Float32Array(batch * size);
    const context = new Float32Array(batch * unconditional.length * (guidance === 1 ? 1 : 2));
    for (let i = 0; i < batch; i++) {
      const request = requests[Math.min(i, requests.length - 1)]!; // a short batch repeats its last request
      const row = noise.subarray(i * size, (i + 1) * size);
      if (request.start) row.set(startOf(request.start, this.model.latentShape));
      else fillNormal(row, key, request.sample, 0);
      context.set(request.context, i * unconditional.length);
      if (guidance !== 1) context.set(unconditional, (batch + i) * unconditional.length);
    }
    const shape = [batch, ...this.model.latentShape];
    // The first steps weigh what they do not remember yet by 0, and 0 times what is not finite is NaN.
    const zeros = new Float32Array(noise.length);
    for (const name of stateNames) {
      this.state.set(name, { shape, dtype: "f32" }, name === "sampler.latents" ? noise : zeros);
    }
    return context;
  }

  async #sample(
    context: Float32Array,
    steps: readonly SamplerStep[],
    tell: (step: number) => void | Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const { batch, guidance } = this.options;
    for (const [i, step] of steps.entries()) {
      if (signal?.aborted) return false;
      await this.step.run({ context, ...stepInputs(step, guidance, batch) });
      await tell(i + 1);
    }
    return true;
  }

  #view(step: number, of: number, first: number, count: number): StepView {
    const size = elementCount(this.model.latentShape);
    const latents = async (): Promise<Float32Array> =>
      (await this.step.read("latents")).slice(0, count * size) as Float32Array;
    return { step, of, first, count, latents };
  }
}

function requireDeterministic(steps: readonly SamplerStep[]): void {
  if (steps.some(({ noiseWeight }) => noiseWeight !== 0))
    throw new ConfigError("pipeline: sampler", "eta 0", "steps that add noise");
}

function requireFinite(values: ArrayLike<number>, where: string, steps: number): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new NonFiniteError(where, steps, values[i]!);
  }
}

function startOf(start: Float32Array, shape: Shape): Float32Array {
  if (start.length !== elementCount(shape)) throw new ShapeError("pipeline: start", shape, [start.length]);
  return start;
}

const stateNames = [
  "sampler.latents",
  "sampler.remembered",
  ...Array.from({ length: historyLength }, (_, k) => `sampler.eps${String(k + 1)}`),
];

/** One evaluation of the model and the update that follows it, as SamplerStep defines them. */
function stepGraph(g: Graph, model: LatentDiffusion, { batch, guidance }: SamplingOptions): Record<string, Tensor> {
  const shape = [batch, ...model.latentShape];
  const copies = guidance === 1 ? 1 : 2;
  const state = stateNames.map((name) => g.parameter({ name, shape }));
  const [latents, remembered, ...history] = state as [Tensor, Tensor, ...Tensor[]];
  const context = g.input("context", [copies * batch, ...model.contextShape]);
  const timesteps = g.input("timesteps", [copies * batch], "u32");
  const both = copies === 1 ? latents : twice(latents);
  const predicted = model.denoise(both, timesteps, context);
  const eps = copies === 1 ? predicted : combine(halves(predicted, shape), g.input("guidance", [2]));
  const mixed = combine([eps, ...history], g.input("epsWeights", [historyLength + 1]));
  const next = combine([latents, remembered, mixed], g.input("update", [3]));
  const keeps = g.input("keepsEps", [2]);
  const kept = combine([latents, remembered], g.input("remembers", [2]));
  const newest = [eps, ...history];
  const shifted = history.map((old, k) => combine([newest[k]!, old], keeps));
  shifted.forEach((value, k) => {
    assign(history[k]!, value);
  });
  assign(remembered, kept);
  assign(latents, next);
  return { latents: next };
}

/** [n, ...] → [2n, ...], the same rows twice. */
function twice(x: Tensor): Tensor {
  const count = elementCount(x.shape);
  const [n, ...rest] = x.shape as [number, ...number[]];
  return reshape(broadcastTo(reshape(x, [1, count]), [2, count]), [2 * n, ...rest]);
}

/** [2n, ...] → two tensors [n, ...], the second half first: unconditional, conditional. */
function halves(x: Tensor, shape: Shape): [Tensor, Tensor] {
  const count = elementCount(shape);
  const flat = reshape(x, [1, 2 * count]);
  return [reshape(slice(flat, count, count), shape), reshape(slice(flat, 0, count), shape)];
}

function stepInputs(step: SamplerStep, guidance: number, batch: number): Record<string, Values> {
  const base = step.from === "current" ? [step.sampleWeight, 0] : [0, step.sampleWeight];
  const epsWeights = new Float32Array(historyLength + 1);
  epsWeights.set(step.epsWeights);
  return {
    timesteps: new Uint32Array((guidance === 1 ? 1 : 2) * batch).fill(step.timestep),
    // eps = eps_u + s · (eps_c − eps_u)
    ...(guidance === 1 ? {} : { guidance: Float32Array.of(1 - guidance, guidance) }),
    epsWeights,
    update: Float32Array.of(...base, step.epsWeight),
    keepsEps: step.keepsEps ? Float32Array.of(1, 0) : Float32Array.of(0, 1),
    remembers: step.remembersSample ? Float32Array.of(1, 0) : Float32Array.of(0, 1),
  };
}
