import type { NormActivation } from "../graph/ops/norm.ts";
import { groupNorm } from "../graph/ops/norm.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones, zeros } from "./initialisers.ts";
import type { Parameter, Parameters } from "./parameters.ts";

/** A group norm's sizes, and the activation that runs inside it. */
export interface GroupNormOptions {
  readonly channels: number;
  /** Divides the channels. */
  readonly groups: number;
  /** 1e-5 in the U-Net, 1e-6 in the VAE and before transformers. */
  readonly epsilon: number;
  readonly activation?: NormActivation;
}

/** Group normalisation with scale and shift. */
export class GroupNorm {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(
    parameters: Parameters,
    readonly options: GroupNormOptions,
  ) {
    this.weight = parameters.declare("weight", [options.channels], { layout: "plain", init: ones });
    this.bias = parameters.declare("bias", [options.channels], { layout: "plain", init: zeros });
  }

  /** @param x [n, h, w, c] */
  forward(x: Tensor): Tensor {
    const g = x.graph;
    return groupNorm(x, g.parameter(this.weight), g.parameter(this.bias), this.options.groups, this.options);
  }
}
