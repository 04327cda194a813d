import { ShapeError } from "../errors.ts";
import { gather } from "../graph/ops/embedding.ts";
import { silu } from "../graph/ops/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Linear } from "./linear.ts";
import type { Parameters } from "./parameters.ts";

/** The sinusoids of a time embedding. */
export interface SinusoidOptions {
  /** Even: half cosines, half sines. */
  readonly channels: number;
  /** Cosines before sines, as in Stable Diffusion. */
  readonly cosinesFirst: boolean;
  /** Taken from the number of frequencies where the exponent divides by it; 0 in Stable Diffusion. */
  readonly frequencyShift: number;
}

const LONGEST_PERIOD = 10000;

/**
 * The sinusoidal embeddings of timesteps 0 … rows − 1: cos(t·f_j) and sin(t·f_j) with f_j = 10000^(−j / (half − shift)).
 *
 * @returns [rows, channels], with each step rounded to f32 as PyTorch does
 * @throws ShapeError when `channels` is odd
 *
 * diffusers, models/embeddings.py, get_timestep_embedding.
 */
export function sinusoids(rows: number, { channels, cosinesFirst, frequencyShift }: SinusoidOptions): Float32Array {
  if (channels < 2 || channels % 2 !== 0)
    throw new ShapeError("sinusoids: channels", "an even number", String(channels));
  const half = channels / 2;
  const log = Math.fround(-Math.log(LONGEST_PERIOD));
  const table = new Float32Array(rows * channels);
  const [cosines, sines] = cosinesFirst ? [0, half] : [half, 0];
  for (let j = 0; j < half; j++) {
    const frequency = Math.fround(Math.exp(Math.fround(Math.fround(log * j) / (half - frequencyShift))));
    for (let t = 0; t < rows; t++) {
      const angle = Math.fround(t * frequency);
      table[t * channels + cosines + j] = Math.cos(angle);
      table[t * channels + sines + j] = Math.sin(angle);
    }
  }
  return table;
}

/** A time embedding's sizes. */
export interface TimeEmbeddingOptions extends SinusoidOptions {
  readonly width: number;
  /** How many timesteps the table holds. */
  readonly timesteps: number;
}

/**
 * Sinusoids of the timestep through two linear layers. The sinusoids are looked up in a table: on a GPU, cosines of angles
 * up to 1000 are not exact.
 */
export class TimeEmbedding {
  readonly #first: Linear;
  readonly #second: Linear;

  constructor(
    parameters: Parameters,
    readonly options: TimeEmbeddingOptions,
  ) {
    this.#first = new Linear(parameters.scope("linear_1"), options.channels, options.width);
    this.#second = new Linear(parameters.scope("linear_2"), options.width, options.width);
  }

  /** @param timestep [n] u32, below `timesteps` @returns [n, width] */
  forward(timestep: Tensor): Tensor {
    const { timesteps, channels } = this.options;
    const table = timestep.graph.constant(sinusoids(timesteps, this.options), [timesteps, channels]);
    return this.#second.forward(silu(this.#first.forward(gather(table, timestep))));
  }
}
