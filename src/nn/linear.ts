import { linear } from "../graph/ops/matmul.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Initialiser } from "./initialisers.ts";
import { kaimingUniform } from "./initialisers.ts";
import type { Parameter, Parameters } from "./parameters.ts";

/** How a linear layer differs from PyTorch's default. */
export interface LinearOptions {
  /** True when absent. */
  readonly bias?: boolean;
  /** PyTorch's uniform rule when absent. */
  readonly init?: Initialiser;
  readonly biasInit?: Initialiser;
}

/** x·W + b over the last axis. */
export class Linear {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(parameters: Parameters, inputs: number, outputs: number, options: LinearOptions = {}) {
    const { bias = true, init = kaimingUniform(inputs), biasInit = kaimingUniform(inputs) } = options;
    this.weight = parameters.declare("weight", [inputs, outputs], { layout: "linear", init });
    this.bias = bias ? parameters.declare("bias", [outputs], { layout: "plain", init: biasInit }) : undefined;
  }

  /** @param x [..., inputs] @returns [..., outputs] */
  forward(x: Tensor): Tensor {
    const g = x.graph;
    return linear(x, g.parameter(this.weight), this.bias && g.parameter(this.bias));
  }
}
