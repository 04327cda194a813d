import { add } from "../../graph/ops/elementwise.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { Mlp } from "../../nn/feed-forward.ts";
import { normal, zeros } from "../../nn/initialisers.ts";
import { LayerNorm } from "../../nn/layer-norm.ts";
import { MultiHeadAttention, clipProjections } from "../../nn/multi-head-attention.ts";
import type { Parameters } from "../../nn/parameters.ts";
import type { TowerConfig } from "./config.ts";

/** Attention and a perceptron, each on the normalised sum so far; starts as transformers' CLIP does. */
class EncoderLayer {
  readonly #norm1: LayerNorm;
  readonly #attention: MultiHeadAttention;
  readonly #norm2: LayerNorm;
  readonly #mlp: Mlp;

  constructor(parameters: Parameters, config: TowerConfig, causal: boolean) {
    const { hiddenSize: width, intermediateSize, heads, layers, hiddenAct, layerNormEps } = config;
    // Branches start smaller the more layers add to the sum.
    const branch = { init: normal(width ** -0.5 * (2 * layers) ** -0.5), biasInit: zeros };
    this.#attention = new MultiHeadAttention(parameters.scope("self_attn"), {
      width,
      heads,
      causal,
      names: clipProjections,
      inputs: branch,
      output: { init: normal(width ** -0.5), biasInit: zeros },
    });
    this.#norm1 = new LayerNorm(parameters.scope("layer_norm1"), width, layerNormEps);
    this.#mlp = new Mlp(parameters.scope("mlp"), width, intermediateSize, hiddenAct, {
      first: { init: normal((2 * width) ** -0.5), biasInit: zeros },
      second: branch,
    });
    this.#norm2 = new LayerNorm(parameters.scope("layer_norm2"), width, layerNormEps);
  }

  forward(x: Tensor): Tensor {
    return x.graph.block(() => {
      const h = add(this.#attention.forward(this.#norm1.forward(x)), x);
      return add(this.#mlp.forward(this.#norm2.forward(h)), h);
    });
  }
}

/** The layers of a tower, named `layers.i`. */
export class Encoder {
  readonly #layers: readonly EncoderLayer[];

  constructor(parameters: Parameters, config: TowerConfig, causal: boolean) {
    this.#layers = Array.from(
      { length: config.layers },
      (_, index) => new EncoderLayer(parameters.scope(`layers.${String(index)}`), config, causal),
    );
  }

  /** @param x [n, t, width] */
  forward(x: Tensor): Tensor {
    return this.#layers.reduce((h, layer) => layer.forward(h), x);
  }
}
