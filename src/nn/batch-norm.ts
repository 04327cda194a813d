import type { NormActivation } from "../graph/ops/norm.ts";
import { batchNormInference, batchNormTraining } from "../graph/ops/norm.ts";
import { ema } from "../graph/ops/optimizer.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones, zeros } from "./initialisers.ts";
import type { Parameter, Parameters } from "./parameters.ts";

/** How a batch norm runs. */
export interface BatchNormMode {
  /** True normalises by the batch and moves the running statistics; false uses them. */
  readonly training: boolean;
  readonly activation?: NormActivation;
}

/** PyTorch's momentum 0.1 keeps nine tenths of the running statistics. */
const RUNNING_DECAY = 0.9;
const EPSILON = 1e-5;

/** Batch normalisation with scale, shift and running statistics. */
export class BatchNorm {
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly runningMean: Parameter;
  readonly runningVariance: Parameter;

  constructor(parameters: Parameters, channels: number) {
    const statistic = { layout: "plain", trainable: false } as const;
    this.weight = parameters.declare("weight", [channels], { layout: "plain", init: ones });
    this.bias = parameters.declare("bias", [channels], { layout: "plain", init: zeros });
    this.runningMean = parameters.declare("running_mean", [channels], { ...statistic, init: zeros });
    this.runningVariance = parameters.declare("running_var", [channels], { ...statistic, init: ones });
  }

  /** @param x [n, h, w, c] */
  forward(x: Tensor, { training, activation = "none" }: BatchNormMode): Tensor {
    const g = x.graph;
    const [weight, bias] = [g.parameter(this.weight), g.parameter(this.bias)];
    const [runningMean, runningVariance] = [g.parameter(this.runningMean), g.parameter(this.runningVariance)];
    const options = { epsilon: EPSILON, activation };
    if (!training) return batchNormInference(x, weight, bias, runningMean, runningVariance, options);
    const { y, mean, variance } = batchNormTraining(x, weight, bias, options);
    ema(runningMean, mean, RUNNING_DECAY);
    ema(runningVariance, variance, RUNNING_DECAY);
    return y;
  }
}
