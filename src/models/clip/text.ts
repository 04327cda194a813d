/** CLIP's text tower. */
import { ShapeError } from "../../errors.ts";
import { add } from "../../graph/ops/elementwise.ts";
import { pickRows, reshape, slice } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { Embedding } from "../../nn/embedding.ts";
import { normal } from "../../nn/initialisers.ts";
import { LayerNorm } from "../../nn/layer-norm.ts";
import { Linear } from "../../nn/linear.ts";
import type { Parameters } from "../../nn/parameters.ts";
import type { ClipTextConfig } from "./config.ts";
import { Encoder } from "./encoder-layer.ts";

const EMBEDDING_STD = 0.02;

/**
 * Texts to hidden states, and to the space that they share with images.
 *
 * Radford et al. 2021, arXiv:2103.00020; names as transformers' CLIPTextModelWithProjection.
 */
export class ClipText {
  readonly #tokens: Embedding;
  readonly #positions: Embedding;
  readonly #encoder: Encoder;
  readonly #finalNorm: LayerNorm;
  readonly #projection: Linear | undefined;

  /** @param options projection false leaves out the way to the shared space, as Stable Diffusion's text encoder does */
  constructor(
    readonly parameters: Parameters,
    readonly config: ClipTextConfig,
    { projection = true }: { readonly projection?: boolean } = {},
  ) {
    const { hiddenSize: width, vocabSize, maxPositions, projectionDim, layerNormEps } = config;
    const scope = parameters.scope("text_model");
    const init = normal(EMBEDDING_STD);
    this.#tokens = new Embedding(scope.scope("embeddings.token_embedding"), vocabSize, width, init);
    this.#positions = new Embedding(scope.scope("embeddings.position_embedding"), maxPositions, width, init);
    this.#encoder = new Encoder(scope.scope("encoder"), config, true);
    this.#finalNorm = new LayerNorm(scope.scope("final_layer_norm"), width, layerNormEps);
    this.#projection = projection
      ? new Linear(parameters.scope("text_projection"), width, projectionDim, {
          bias: false,
          init: normal(width ** -0.5),
        })
      : undefined;
  }

  /**
   * Token embeddings, before positions.
   * @param ids [n, t] u32
   * @returns [n, t, width]
   */
  embed(ids: Tensor): Tensor {
    return this.#tokens.forward(ids);
  }

  /**
   * Hidden states after the final norm: what Stable Diffusion is conditioned on.
   * @param embeddings [n, t, width] from `embed`, t at most `maxPositions`
   * @returns [n, t, width]
   */
  encode(embeddings: Tensor): Tensor {
    const [, t, width] = embeddings.shape as [number, number, number];
    const { maxPositions } = this.config;
    if (t > maxPositions) throw new ShapeError("clip text", `at most ${String(maxPositions)} tokens`, embeddings.shape);
    const table = reshape(this.#positions.table(embeddings), [maxPositions * width]);
    const positions = reshape(slice(table, 0, t * width), [t, width]);
    return this.#finalNorm.forward(this.#encoder.forward(add(embeddings, positions)));
  }

  /**
   * The hidden state at each text's end, in the shared space.
   * @param hiddenStates [n, t, width] from `encode`
   * @param ends [n] u32, from `endOfTextRows`
   * @returns [n, projectionDim], not normalised
   */
  project(hiddenStates: Tensor, ends: Tensor): Tensor {
    if (!this.#projection) throw new ShapeError("clip text: project", "a model with a projection", hiddenStates.shape);
    return this.#projection.forward(pickRows(hiddenStates, ends));
  }

  /** Texts to the shared space. @param ids [n, t] u32 @param ends [n] u32 @returns [n, projectionDim] */
  forward(ids: Tensor, ends: Tensor): Tensor {
    return this.project(this.encode(this.embed(ids)), ends);
  }

  /** Whether it has a way to the shared space. */
  get projects(): boolean {
    return this.#projection !== undefined;
  }
}

/**
 * Where each text ends, which is where CLIP pools it: the first end-of-text token, or the first of the largest ones.
 *
 * @param ids rows of `length` token ids
 * @param endOfText the token, or null for the largest
 * @returns one place a row; 0 where the token is absent, as in transformers
 */
export function endOfTextRows(ids: ArrayLike<number>, length: number, endOfText: number | null): Uint32Array {
  return Uint32Array.from({ length: ids.length / length }, (_, row) => {
    const tokens = Array.from({ length }, (_, place) => ids[row * length + place]!);
    return Math.max(tokens.indexOf(endOfText ?? Math.max(...tokens)), 0);
  });
}
