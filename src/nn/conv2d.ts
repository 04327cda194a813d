import type { Padding } from "../graph/ops/conv.ts";
import { conv2d } from "../graph/ops/conv.ts";
import { add } from "../graph/ops/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Initialiser } from "./initialisers.ts";
import { kaimingUniform } from "./initialisers.ts";
import type { Parameter, Parameters } from "./parameters.ts";

/** A convolution's sizes. */
export interface Conv2dLayerOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** The side of the square kernel. */
  readonly kernel: number;
  /** 1 when absent. */
  readonly stride?: number;
  /** Half of the kernel, rounded down, when absent: it keeps the size of odd kernels at stride 1. */
  readonly padding?: number | Padding;
  /** True when absent. */
  readonly bias?: boolean;
  /** PyTorch's uniform rule when absent. */
  readonly init?: Initialiser;
  readonly biasInit?: Initialiser;
}

/** A two-dimensional convolution. */
export class Conv2d {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly #stride: number;
  readonly #padding: number | Padding;

  constructor(parameters: Parameters, options: Conv2dLayerOptions) {
    const { inputs, outputs, kernel, stride = 1, padding = Math.floor(kernel / 2), bias = true } = options;
    const standard = kaimingUniform(inputs * kernel * kernel);
    const { init = standard, biasInit = standard } = options;
    this.weight = parameters.declare("weight", [kernel, kernel, inputs, outputs], { layout: "conv", init });
    this.bias = bias ? parameters.declare("bias", [outputs], { layout: "plain", init: biasInit }) : undefined;
    this.#stride = stride;
    this.#padding = padding;
  }

  /** @param x [n, h, w, inputs] @returns [n, oh, ow, outputs] */
  forward(x: Tensor): Tensor {
    const g = x.graph;
    const y = conv2d(x, g.parameter(this.weight), { stride: this.#stride, padding: this.#padding });
    return this.bias ? add(y, g.parameter(this.bias)) : y;
  }
}
