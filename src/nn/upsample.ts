import { upsampleNearest2d } from "../graph/ops/pool.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Conv2d } from "./conv2d.ts";
import type { Parameters } from "./parameters.ts";

/** Doubles an image by repeating pixels, then a 3×3 convolution, named `conv`. */
export class Upsample {
  readonly #conv: Conv2d;

  constructor(parameters: Parameters, channels: number) {
    this.#conv = new Conv2d(parameters.scope("conv"), { inputs: channels, outputs: channels, kernel: 3 });
  }

  /** @param x [n, h, w, c] @returns [n, 2h, 2w, c] */
  forward(x: Tensor): Tensor {
    return this.#conv.forward(upsampleNearest2d(x));
  }
}
