import { add } from "../graph/ops/elementwise.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Conv2d } from "./conv2d.ts";
import { GroupNorm } from "./group-norm.ts";
import type { Initialiser } from "./initialisers.ts";
import { Linear } from "./linear.ts";
import type { Parameters } from "./parameters.ts";

/** A residual block's sizes. */
export interface ResnetBlockOptions {
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
  readonly epsilon: number;
  /** The width of the time embedding; without one the block has no time. */
  readonly timeWidth?: number;
  /** How the second convolution starts; zeros make the block the identity at first. */
  readonly lastInit?: Initialiser;
}

/**
 * The residual block of diffusion models: norm, SiLU, convolution, + time, norm, SiLU, convolution, + shortcut.
 *
 * Names as diffusers' ResnetBlock2D.
 */
export class ResnetBlock {
  readonly #norm1: GroupNorm;
  readonly #conv1: Conv2d;
  readonly #time: Linear | undefined;
  readonly #norm2: GroupNorm;
  readonly #conv2: Conv2d;
  readonly #shortcut: Conv2d | undefined;

  constructor(parameters: Parameters, options: ResnetBlockOptions) {
    const { inputs, outputs, groups, epsilon, timeWidth, lastInit } = options;
    const norm = { groups, epsilon, activation: "silu" } as const;
    this.#norm1 = new GroupNorm(parameters.scope("norm1"), { channels: inputs, ...norm });
    this.#conv1 = new Conv2d(parameters.scope("conv1"), { inputs, outputs, kernel: 3 });
    this.#time =
      timeWidth === undefined ? undefined : new Linear(parameters.scope("time_emb_proj"), timeWidth, outputs);
    this.#norm2 = new GroupNorm(parameters.scope("norm2"), { channels: outputs, ...norm });
    const init = lastInit ? { init: lastInit, biasInit: lastInit } : {};
    this.#conv2 = new Conv2d(parameters.scope("conv2"), { inputs: outputs, outputs, kernel: 3, ...init });
    this.#shortcut =
      inputs === outputs ? undefined : new Conv2d(parameters.scope("conv_shortcut"), { inputs, outputs, kernel: 1 });
  }

  /**
   * @param x [n, h, w, inputs]
   * @param time [n, timeWidth], already through SiLU
   * @returns [n, h, w, outputs]
   */
  forward(x: Tensor, time?: Tensor): Tensor {
    return x.graph.block(() => {
      let h = this.#conv1.forward(this.#norm1.forward(x));
      if (this.#time && time) {
        const shift = this.#time.forward(time);
        h = add(h, reshape(shift, [shift.shape[0]!, 1, 1, shift.shape[1]!]));
      }
      h = this.#conv2.forward(this.#norm2.forward(h));
      return add(h, this.#shortcut ? this.#shortcut.forward(x) : x);
    });
  }
}
