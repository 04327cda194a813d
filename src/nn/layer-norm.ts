import { layerNorm } from "../graph/ops/norm.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones, zeros } from "./initialisers.ts";
import type { Parameter, Parameters } from "./parameters.ts";

/** Layer normalisation over the last axis with scale and shift. */
export class LayerNorm {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(
    parameters: Parameters,
    width: number,
    readonly epsilon = 1e-5,
  ) {
    this.weight = parameters.declare("weight", [width], { layout: "plain", init: ones });
    this.bias = parameters.declare("bias", [width], { layout: "plain", init: zeros });
  }

  /** @param x [..., width] */
  forward(x: Tensor): Tensor {
    const g = x.graph;
    return layerNorm(x, g.parameter(this.weight), g.parameter(this.bias), { epsilon: this.epsilon });
  }
}
