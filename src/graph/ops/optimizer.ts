/** Optimizer steps: they change parameters in place. */
import { ShapeError } from "../../errors.ts";
import { defineOp } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { inputOf, stringOf } from "../tensor.ts";
import { checkFinite, checkShape } from "./check.ts";
import { add, square } from "./elementwise.ts";
import { sum } from "./mean.ts";

/** SGD's settings. */
export interface SgdOptions {
  readonly momentum: number;
  /** Decay is added to the gradient. */
  readonly weightDecay: number;
}

/**
 * One step of stochastic gradient descent, as in PyTorch: v ← momentum·v + (dw·scale + decay·w); w ← w − rate·v.
 * The velocity starts at zero. A gradient of zeros decays the weight too; PyTorch leaves out parameters without a gradient.
 * @param rate [1]
 * @param scale [1], multiplies the gradient (clipping)
 */
export function sgd(
  weight: Tensor,
  dweight: Tensor,
  velocity: Tensor,
  rate: Tensor,
  scale: Tensor,
  options: SgdOptions,
): void {
  checkStep("sgd", [weight, velocity], [dweight], { rate, scale });
  const { momentum, weightDecay } = options;
  checkSettings("sgd", { momentum, weightDecay });
  weight.graph.node("sgd", [weight, dweight, velocity, rate, scale], [], { ...options });
}

defineOp({ name: "sgd", mutates: [0, 2] });

/** AdamW's settings. */
export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled: w ← w·(1 − rate·decay) first. */
  readonly weightDecay: number;
}

/**
 * One step of AdamW, as in PyTorch, with bias correction.
 * @param first [...] running mean of the gradient
 * @param second [...] running mean of its square
 * @param rate [1]
 * @param step [1], counted from 1
 * @param scale [1], multiplies the gradient (clipping)
 *
 * Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2.
 */
export function adamW(
  weight: Tensor,
  dweight: Tensor,
  first: Tensor,
  second: Tensor,
  { rate, step, scale }: { readonly rate: Tensor; readonly step: Tensor; readonly scale: Tensor },
  options: AdamWOptions,
): void {
  checkStep("adamW", [weight, first, second], [dweight], { rate, step, scale });
  const { beta1, beta2, epsilon, weightDecay } = options;
  checkSettings("adamW", { beta1, beta2, epsilon, weightDecay });
  weight.graph.node("adamw", [weight, dweight, first, second, rate, step, scale], [], { ...options });
}

defineOp({ name: "adamw", mutates: [0, 2, 3] });

/** average ← decay·average + (1 − decay)·value, in place. */
export function ema(average: Tensor, value: Tensor, decay: number): void {
  checkStep("ema", [average], [value]);
  checkSettings("ema", { decay });
  average.graph.node("ema", [average, value], [], { decay });
}

defineOp({ name: "ema", mutates: [0] });

/** Overwrites a parameter. */
export function assign(target: Tensor, value: Tensor): void {
  checkStep("assign", [target], [value]);
  target.graph.node("assign", [target, value], []);
}

defineOp({ name: "assign", mutates: [0] });

/**
 * The factor that brings the joint norm of gradients down to `limit`: min(1, limit / (norm + 1e-6)), as in PyTorch.
 * @param limit finite: where only the norm is of interest, a large one
 * @returns factor [1] and norm [1]
 */
export function clipFactor(
  dweights: readonly Tensor[],
  limit: number,
): { readonly factor: Tensor; readonly norm: Tensor } {
  checkSettings("clipFactor", { limit });
  const [first, ...rest] = dweights.map((dweight) => sum(square(dweight)));
  if (!first) throw new ShapeError("clipFactor", "at least one gradient", [0]);
  const total = rest.reduce(add, first);
  const [factor, norm] = total.graph.node("clip_factor", [total], [{ shape: [1] }, { shape: [1] }], { limit });
  return { factor: factor!, norm: norm! };
}

defineOp({ name: "clip_factor" });

/** @param changed what the step changes, the weight first @param numbers tensors of one element by name */
function checkStep(
  where: string,
  changed: readonly Tensor[],
  others: readonly Tensor[],
  numbers: Readonly<Record<string, Tensor>> = {},
): void {
  const { shape } = changed[0]!;
  for (const { node } of changed) {
    // What a step would change is the widened copy, not the stored half floats.
    if (node.op === "widen")
      throw new ShapeError(`${where}: element type of ${stringOf(inputOf(node, 0).node, "name")}`, "f32", "f16");
    if (node.op !== "parameter") throw new ShapeError(where, "a parameter to change in place", node.op);
  }
  if (new Set(changed).size < changed.length)
    throw new ShapeError(where, "parameters that differ", "one of them twice");
  for (const tensor of [...changed, ...others]) checkShape(where, tensor, shape);
  for (const [name, tensor] of Object.entries(numbers)) checkShape(`${where}: ${name}`, tensor, [1]);
}

function checkSettings(where: string, settings: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(settings)) checkFinite(`${where}: ${name}`, value);
}
