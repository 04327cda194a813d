import { attention } from "../graph/ops/attention.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { LinearOptions } from "./linear.ts";
import { Linear } from "./linear.ts";
import type { Parameters } from "./parameters.ts";

/** The checkpoint's names of the four projections. */
export interface ProjectionNames {
  readonly q: string;
  readonly k: string;
  readonly v: string;
  readonly out: string;
}

/** As diffusers names them. */
export const diffusersProjections: ProjectionNames = { q: "to_q", k: "to_k", v: "to_v", out: "to_out.0" };
/** As transformers names them in CLIP. */
export const clipProjections: ProjectionNames = { q: "q_proj", k: "k_proj", v: "v_proj", out: "out_proj" };

/** An attention layer's sizes. */
export interface MultiHeadAttentionOptions {
  readonly width: number;
  readonly heads: number;
  readonly names: ProjectionNames;
  /** The width of what is attended to; `width` when absent: self-attention. */
  readonly contextWidth?: number;
  /** A token sees those up to its own place. */
  readonly causal?: boolean;
  /** Options of the projections of q, k and v. */
  readonly inputs?: LinearOptions;
  /** Options of the projection of the result. */
  readonly output?: LinearOptions;
}

/**
 * Multi-head attention with its projections.
 *
 * Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2.
 */
export class MultiHeadAttention {
  readonly #q: Linear;
  readonly #k: Linear;
  readonly #v: Linear;
  readonly #out: Linear;
  readonly #split: { readonly heads: number; readonly causal: boolean };

  constructor(parameters: Parameters, options: MultiHeadAttentionOptions) {
    const { width, heads, names, contextWidth = width, causal = false, inputs = {}, output = {} } = options;
    this.#q = new Linear(parameters.scope(names.q), width, width, inputs);
    this.#k = new Linear(parameters.scope(names.k), contextWidth, width, inputs);
    this.#v = new Linear(parameters.scope(names.v), contextWidth, width, inputs);
    this.#out = new Linear(parameters.scope(names.out), width, width, output);
    this.#split = { heads, causal };
  }

  /**
   * @param x [n, t, width]
   * @param context [n, s, contextWidth]; x when absent
   * @returns [n, t, width]
   */
  forward(x: Tensor, context: Tensor = x): Tensor {
    const [q, k, v] = [this.#q.forward(x), this.#k.forward(context), this.#v.forward(context)];
    return this.#out.forward(attention(q, k, v, this.#split));
  }
}
