import { gather } from "../graph/ops/embedding.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Initialiser } from "./initialisers.ts";
import { normal } from "./initialisers.ts";
import type { Parameter, Parameters } from "./parameters.ts";

/** Learned rows by index. */
export class Embedding {
  readonly weight: Parameter;

  /** @param init PyTorch's standard normal when absent */
  constructor(parameters: Parameters, rows: number, width: number, init: Initialiser = normal(1)) {
    this.weight = parameters.declare("weight", [rows, width], { layout: "table", init });
  }

  /** @param ids [...] u32, below `rows` @returns [..., width] */
  forward(ids: Tensor): Tensor {
    return gather(this.table(ids), ids);
  }

  /** All rows as a tensor. @param at any tensor of the graph that is built */
  table(at: Tensor): Tensor {
    return at.graph.parameter(this.weight);
  }
}
