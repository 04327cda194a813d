/** CLIP's image tower. */
import { ShapeError } from "../../errors.ts";
import { add } from "../../graph/ops/elementwise.ts";
import { broadcastTo } from "../../graph/ops/reduce.ts";
import { concat, reshape, slice } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { sameShape } from "../../graph/tensor.ts";
import { Conv2d } from "../../nn/conv2d.ts";
import { Embedding } from "../../nn/embedding.ts";
import { normal } from "../../nn/initialisers.ts";
import { LayerNorm } from "../../nn/layer-norm.ts";
import { Linear } from "../../nn/linear.ts";
import type { Parameter, Parameters } from "../../nn/parameters.ts";
import type { ClipImageConfig } from "./config.ts";
import { Encoder } from "./encoder-layer.ts";

const EMBEDDING_STD = 0.02;

/**
 * Images to the space that they share with texts.
 *
 * Radford et al. 2021, arXiv:2103.00020; names as transformers' CLIPVisionModelWithProjection, its spelling included.
 */
export class ClipImage {
  readonly #class: Parameter;
  readonly #patches: Conv2d;
  readonly #positions: Embedding;
  readonly #preNorm: LayerNorm;
  readonly #encoder: Encoder;
  readonly #postNorm: LayerNorm;
  readonly #projection: Linear;

  constructor(
    readonly parameters: Parameters,
    readonly config: ClipImageConfig,
  ) {
    const { hiddenSize: width, channels, patchSize, imageSize, projectionDim, layerNormEps } = config;
    const tokens = (imageSize / patchSize) ** 2 + 1;
    const scope = parameters.scope("vision_model");
    const embeddings = scope.scope("embeddings");
    const init = normal(EMBEDDING_STD);
    this.#class = embeddings.declare("class_embedding", [width], { layout: "plain", init: normal(width ** -0.5) });
    this.#patches = new Conv2d(embeddings.scope("patch_embedding"), {
      inputs: channels,
      outputs: width,
      kernel: patchSize,
      stride: patchSize,
      padding: 0,
      bias: false,
      init,
    });
    this.#positions = new Embedding(embeddings.scope("position_embedding"), tokens, width, init);
    this.#preNorm = new LayerNorm(scope.scope("pre_layrnorm"), width, layerNormEps);
    this.#encoder = new Encoder(scope.scope("encoder"), config, false);
    this.#postNorm = new LayerNorm(scope.scope("post_layernorm"), width, layerNormEps);
    this.#projection = new Linear(parameters.scope("visual_projection"), width, projectionDim, {
      bias: false,
      init: normal(width ** -0.5),
    });
  }

  /**
   * @param images [n, imageSize, imageSize, channels], normalised
   * @returns [n, projectionDim], not normalised
   * @throws ShapeError when the images have another size
   */
  forward(images: Tensor): Tensor {
    const { hiddenSize: width, channels, imageSize, patchSize } = this.config;
    const n = images.shape[0]!;
    const expected = [n, imageSize, imageSize, channels];
    if (!sameShape(images.shape, expected)) throw new ShapeError("clip image", expected, images.shape);
    const tokens = (imageSize / patchSize) ** 2;
    const patches = reshape(this.#patches.forward(images), [n, tokens * width]);
    const first = broadcastTo(images.graph.parameter(this.#class), [n, width]);
    // Rows of one image lie one after another, so the class token is joined in front of them.
    const joined = reshape(concat([first, patches]), [n, tokens + 1, width]);
    const placed = this.#preNorm.forward(add(joined, this.#positions.table(images)));
    const hidden = reshape(this.#encoder.forward(placed), [n, (tokens + 1) * width]);
    return this.#projection.forward(this.#postNorm.forward(slice(hidden, 0, width)));
  }
}
