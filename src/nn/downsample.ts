import type { Padding } from "../graph/ops/conv.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Conv2d } from "./conv2d.ts";
import type { Parameters } from "./parameters.ts";

/** Where a downsampling pads: around in the U-Net, right and bottom in the VAE. */
export const downsamplePadding: Readonly<Record<"around" | "rightBottom", Padding>> = {
  around: [1, 1, 1, 1],
  rightBottom: [0, 1, 0, 1],
};

/** Halves an image by a 3×3 convolution of stride 2, named `conv`. */
export class Downsample {
  readonly #conv: Conv2d;

  constructor(parameters: Parameters, channels: number, padding: Padding) {
    const options = { inputs: channels, outputs: channels, kernel: 3, stride: 2, padding };
    this.#conv = new Conv2d(parameters.scope("conv"), options);
  }

  /** @param x [n, h, w, c] @returns [n, h/2, w/2, c] */
  forward(x: Tensor): Tensor {
    return this.#conv.forward(x);
  }
}
