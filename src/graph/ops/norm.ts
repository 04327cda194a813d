/**
 * Normalisation. Group, layer and batch norm are one family: x is seen as [p, q, g, c], statistics are taken over
 * q and c, and the affine weights run over (g, c).
 *
 * | norm  | p    | q     | g      | c          |
 * | group | n    | h·w   | groups | c / groups |
 * | layer | rows | 1     | 1      | c          |
 * | batch | 1    | n·h·w | c      | 1          |
 */
import { ShapeError } from "../../errors.ts";
import { defineOp } from "../op.ts";
import type { Attributes, Tensor } from "../tensor.ts";
import { elementCount, flagOf, inputOf, numberOf, sizeOf, stringOf } from "../tensor.ts";
import { checkFinite, checkShape, checkWhole } from "./check.ts";

/** Activations that run inside the normalisation, forward and backward. */
export type NormActivation = "none" | "relu" | "silu";

/** What every norm takes. */
export interface NormOptions {
  /** Added to the variance. */
  readonly epsilon: number;
  readonly activation?: NormActivation;
}

interface View {
  readonly p: number;
  readonly q: number;
  readonly g: number;
  readonly c: number;
}

/**
 * Group normalisation over groups of channels.
 *
 * @param x [n, h, w, c]
 * @param weight [c], scale
 * @param bias [c], shift
 * @param groups divides c
 * @param options epsilon is 1e-5 in the U-Net, 1e-6 in the VAE
 * @returns [n, h, w, c]
 * @throws ShapeError when `groups` does not divide c
 *
 * Wu & He 2018, arXiv:1803.08494, equation 1.
 */
export function groupNorm(x: Tensor, weight: Tensor, bias: Tensor, groups: number, options: NormOptions): Tensor {
  if (x.shape.length < 2) throw new ShapeError("groupNorm", "[n, ..., c]", x.shape);
  checkWhole("groupNorm: groups", groups, 1);
  const c = sizeOf(x, -1);
  if (c % groups !== 0) throw new ShapeError("groupNorm", `channels divisible by ${String(groups)}`, x.shape);
  const n = sizeOf(x, 0);
  return normalise(x, weight, bias, { p: n, q: elementCount(x.shape) / (n * c), g: groups, c: c / groups }, options);
}

/**
 * Layer normalisation over the last axis.
 *
 * @param x [..., c]
 * @param weight [c], scale
 * @param bias [c], shift
 * @returns [..., c]
 *
 * Ba et al. 2016, arXiv:1607.06450.
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, options: NormOptions): Tensor {
  const c = sizeOf(x, -1);
  return normalise(x, weight, bias, { p: elementCount(x.shape) / c, q: 1, g: 1, c }, options);
}

/** A batch norm's result and what its running statistics need. */
export interface BatchNormResult {
  readonly y: Tensor;
  /** [c], the batch's mean. */
  readonly mean: Tensor;
  /** [c], the batch's variance with ddof 1, as PyTorch tracks it. */
  readonly variance: Tensor;
}

/**
 * Batch normalisation with the batch's own statistics (training).
 *
 * @param x [..., c]
 * @param weight [c], scale
 * @param bias [c], shift
 *
 * Ioffe & Szegedy 2015, arXiv:1502.03167.
 */
export function batchNormTraining(x: Tensor, weight: Tensor, bias: Tensor, options: NormOptions): BatchNormResult {
  const c = sizeOf(x, -1);
  const count = elementCount(x.shape) / c;
  const y = normalise(x, weight, bias, { p: 1, q: count, g: c, c: 1 }, options);
  const statistics = inputOf(y.node, 1);
  const [mean, variance] = x.graph.node("norm_moments", [statistics], [{ shape: [c] }, { shape: [c] }], {
    epsilon: options.epsilon,
    count,
  });
  return { y, mean: mean!, variance: variance! };
}

/**
 * Batch normalisation with running statistics (inference).
 *
 * @param x [..., c]
 * @param mean [c]
 * @param variance [c]
 * @returns [..., c]
 */
export function batchNormInference(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  mean: Tensor,
  variance: Tensor,
  options: NormOptions,
): Tensor {
  const c = sizeOf(x, -1);
  checkShape("batchNormInference: mean", mean, [c]);
  checkShape("batchNormInference: variance", variance, [c]);
  checkFinite("norm: epsilon", options.epsilon);
  const view = { p: 1, q: elementCount(x.shape) / c, g: c, c: 1 };
  const statistics = x.graph.node("norm_statistics_of", [mean, variance], [{ shape: [1, c, 2] }], {
    epsilon: options.epsilon,
  })[0]!;
  return applyNorm(x, statistics, weight, bias, view, options.activation ?? "none", true);
}

function normalise(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  view: View,
  { epsilon, activation = "none" }: NormOptions,
): Tensor {
  checkFinite("norm: epsilon", epsilon);
  // (mean, 1/√(variance + ε)) of each (p, g)
  const statistics = x.graph.node("norm_statistics", [x], [{ shape: [view.p, view.g, 2] }], { ...view, epsilon })[0]!;
  return applyNorm(x, statistics, weight, bias, view, activation, false);
}

function applyNorm(
  x: Tensor,
  statistics: Tensor,
  weight: Tensor,
  bias: Tensor,
  view: View,
  activation: NormActivation,
  fixed: boolean,
): Tensor {
  const channels = [view.g * view.c];
  checkShape("norm: weight", weight, channels);
  checkShape("norm: bias", bias, channels);
  return x.graph.node("norm", [x, statistics, weight, bias], [{ shape: x.shape }], { ...view, activation, fixed })[0]!;
}

// Statistics get their gradient inside norm's own rule.
defineOp({ name: "norm_statistics", gradient: () => [] });
defineOp({ name: "norm_statistics_of", gradient: () => [] });
defineOp({
  name: "norm_moments",
  gradient: () => {
    throw new TypeError("batchNormTraining: its mean and variance have no gradient, only y has");
  },
});

defineOp({
  name: "norm",
  cheap: true,
  gradient: (node, [dy], [needsX, needsStatistics, needsWeight, needsBias]) => {
    if (!dy) return [];
    if (needsStatistics && flagOf(node, "fixed"))
      throw new TypeError("batchNormInference has no gradient by its mean and variance");
    const [x, statistics, weight, bias] = node.inputs as [Tensor, Tensor, Tensor, Tensor];
    const g = x.graph;
    const attributes: Attributes = node.attributes;
    const inputs = [x, statistics, weight, bias, dy];
    const [p, q, groups] = [numberOf(node, "p"), numberOf(node, "q"), numberOf(node, "g")];
    // Rows of their own statistics have as many sums as elements, so each reduction reads x; else both share (Σ e, Σ e·x̂)
    // over q, [p, 2, channels], where e = dy·act'(y).
    const sums =
      q === 1 && groups === 1
        ? undefined
        : g.node("norm_gradient_sums", inputs, [{ shape: [p, 2, ...weight.shape] }], attributes)[0]!;
    let dx: Tensor | undefined;
    if (needsX) {
      // means over (q, c) of dŷ and of dŷ·x̂, where dŷ = e·weight
      const shape = statistics.shape;
      const means = flagOf(node, "fixed")
        ? []
        : sums
          ? g.node("norm_means_of_sums", [sums, weight], [{ shape }], attributes)
          : g.node("norm_gradient_means", inputs, [{ shape }], attributes);
      // dx = rstd · (dŷ − mean(dŷ) − x̂ · mean(dŷ·x̂)); with fixed statistics dx = rstd · dŷ
      dx = g.node("norm_input_gradient", [...inputs, ...means], [{ shape: x.shape }], attributes)[0]!;
    }
    if (!needsWeight && !needsBias) return [dx];
    // dweight = Σ e·x̂, dbias = Σ e
    const shapes = [{ shape: weight.shape }, { shape: bias.shape }];
    const [dweight, dbias] = sums
      ? g.node("norm_parameters_of_sums", [sums], shapes, attributes)
      : g.node("norm_parameter_gradient", inputs, shapes, attributes);
    return [dx, undefined, dweight, dbias];
  },
});
defineOp({ name: "norm_gradient_sums" });
defineOp({ name: "norm_means_of_sums" });
defineOp({ name: "norm_parameters_of_sums" });
defineOp({ name: "norm_gradient_means" });
defineOp({ name: "norm_input_gradient", cheap: true });
defineOp({ name: "norm_parameter_gradient" });

/** The activation of a norm node. */
export const activationOf = (node: { readonly attributes: Attributes; readonly op: string }): NormActivation =>
  stringOf(node as Tensor["node"], "activation") as NormActivation;
