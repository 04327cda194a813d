import { add } from "../graph/ops/elementwise.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Conv2d } from "./conv2d.ts";
import { GatedFeedForward } from "./feed-forward.ts";
import { GroupNorm } from "./group-norm.ts";
import { zeros } from "./initialisers.ts";
import { LayerNorm } from "./layer-norm.ts";
import { MultiHeadAttention, diffusersProjections } from "./multi-head-attention.ts";
import type { Parameters } from "./parameters.ts";

/** A spatial transformer's sizes. */
export interface SpatialTransformerOptions {
  readonly channels: number;
  readonly heads: number;
  readonly contextWidth: number;
  readonly groups: number;
  /** How many blocks follow one another. */
  readonly depth: number;
}

/** Self-attention, cross-attention and a gated feed-forward layer, each on the normalised sum so far. */
class TransformerBlock {
  readonly #norm1: LayerNorm;
  readonly #self: MultiHeadAttention;
  readonly #norm2: LayerNorm;
  readonly #cross: MultiHeadAttention;
  readonly #norm3: LayerNorm;
  readonly #feedForward: GatedFeedForward;

  constructor(parameters: Parameters, { channels, heads, contextWidth }: SpatialTransformerOptions) {
    const shared = { width: channels, heads, names: diffusersProjections, inputs: { bias: false } };
    this.#norm1 = new LayerNorm(parameters.scope("norm1"), channels);
    this.#self = new MultiHeadAttention(parameters.scope("attn1"), shared);
    this.#norm2 = new LayerNorm(parameters.scope("norm2"), channels);
    this.#cross = new MultiHeadAttention(parameters.scope("attn2"), { ...shared, contextWidth });
    this.#norm3 = new LayerNorm(parameters.scope("norm3"), channels);
    this.#feedForward = new GatedFeedForward(parameters.scope("ff"), channels);
  }

  forward(x: Tensor, context: Tensor): Tensor {
    const attended = add(this.#self.forward(this.#norm1.forward(x)), x);
    const informed = add(this.#cross.forward(this.#norm2.forward(attended), context), attended);
    return add(this.#feedForward.forward(this.#norm3.forward(informed)), informed);
  }
}

/** Group norm before a transformer has its own guard in every Stable Diffusion v1 layout. */
const NORM_EPSILON = 1e-6;

/**
 * A transformer over the pixels of an image that looks at a context: norm, 1×1 convolution, blocks, 1×1 convolution, + input.
 *
 * Rombach et al. 2022, arXiv:2112.10752, section 3.3; names as diffusers' Transformer2DModel.
 */
export class SpatialTransformer {
  readonly #norm: GroupNorm;
  readonly #projIn: Conv2d;
  readonly #blocks: readonly TransformerBlock[];
  readonly #projOut: Conv2d;

  constructor(parameters: Parameters, options: SpatialTransformerOptions) {
    const { channels, groups, depth } = options;
    const pointwise = { inputs: channels, outputs: channels, kernel: 1 };
    this.#norm = new GroupNorm(parameters.scope("norm"), { channels, groups, epsilon: NORM_EPSILON });
    this.#projIn = new Conv2d(parameters.scope("proj_in"), pointwise);
    this.#blocks = Array.from(
      { length: depth },
      (_, index) => new TransformerBlock(parameters.scope(`transformer_blocks.${String(index)}`), options),
    );
    this.#projOut = new Conv2d(parameters.scope("proj_out"), { ...pointwise, init: zeros, biasInit: zeros });
  }

  /**
   * @param x [n, h, w, channels]
   * @param context [n, t, contextWidth]
   * @returns [n, h, w, channels]
   */
  forward(x: Tensor, context: Tensor): Tensor {
    const [n, h, w, c] = x.shape as [number, number, number, number];
    return x.graph.block(() => {
      const inner = this.#projIn.forward(this.#norm.forward(x));
      const tokens = this.#blocks.reduce((t, block) => block.forward(t, context), reshape(inner, [n, h * w, c]));
      return add(this.#projOut.forward(reshape(tokens, [n, h, w, c])), x);
    });
  }
}
