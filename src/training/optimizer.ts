/** Appends optimizer steps to a graph, and keeps their state beside the weights. */
import type { Values, Variables } from "../backends/backend.ts";
import { gradients } from "../graph/autodiff.ts";
import type { Graph, ParameterSpec } from "../graph/graph.ts";
import { adamW, clipFactor, ema, sgd } from "../graph/ops/optimizer.ts";
import type { Tensor } from "../graph/tensor.ts";
import { elementCount } from "../graph/tensor.ts";
import type { Parameter } from "../nn/parameters.ts";

/** Stochastic gradient descent with momentum; decay acts on every parameter, used or not. */
export interface SgdSettings {
  readonly kind: "sgd";
  readonly momentum: number;
  readonly weightDecay: number;
  /** The largest joint norm of the gradients; unclipped when absent. */
  readonly clip?: number;
}

/** AdamW; decay acts on matrices, convolutions and tables only, as CLIP's and most recipes have it. */
export interface AdamWSettings {
  readonly kind: "adamw";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clip?: number;
  /** Keeps a running average of the weights under `ema.<name>`. */
  readonly emaDecay?: number;
}

/** An optimizer with its settings. */
export type OptimizerSettings = SgdSettings | AdamWSettings;

/** PyTorch's defaults for AdamW. */
export const adamWDefaults: AdamWSettings = {
  kind: "adamw",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
};

/** The variable that holds the running average of a weight. */
export const averageName = (name: string): string => `ema.${name}`;

const stateOf = (slot: string, { name, shape }: ParameterSpec): ParameterSpec => ({ name: `${slot}.${name}`, shape });

/**
 * Adds a step to a graph: gradients of `loss` by the parameters, then their update in place.
 *
 * The graph gets inputs `rate` [1] and, for AdamW, `step` [1], counted from 1.
 *
 * @param loss one element
 * @param rateOf the name of the input that holds a parameter's rate, where not all are in `rate`
 * @returns the joint norm of the gradients [1] when they are clipped
 */
export function addOptimizerStep(
  g: Graph,
  loss: Tensor,
  parameters: readonly Parameter[],
  settings: OptimizerSettings,
  rateOf: (parameter: Parameter) => string = () => "rate",
): { readonly gradientNorm?: Tensor } {
  const weights = parameters.map((parameter) => g.parameter(parameter));
  const dweights = gradients(loss, weights);
  const clipped = settings.clip === undefined ? undefined : clipFactor(dweights, settings.clip);
  const scale = clipped?.factor ?? g.filled(1, [1]);
  parameters.forEach((parameter, index) => {
    const [weight, dweight] = [weights[index]!, dweights[index]!];
    const rate = g.scalar(rateOf(parameter));
    if (settings.kind === "sgd") {
      sgd(weight, dweight, g.parameter(stateOf("velocity", parameter)), rate, scale, settings);
      return;
    }
    const first = g.parameter(stateOf("first", parameter));
    const second = g.parameter(stateOf("second", parameter));
    const weightDecay = parameter.layout === "plain" || parameter.layout === "scalar" ? 0 : settings.weightDecay;
    const { beta1, beta2, epsilon } = settings;
    adamW(
      weight,
      dweight,
      first,
      second,
      { rate, step: g.scalar("step"), scale },
      { beta1, beta2, epsilon, weightDecay },
    );
    if (settings.emaDecay !== undefined) ema(g.parameter(stateOf("ema", parameter)), weight, settings.emaDecay);
  });
  return clipped ? { gradientNorm: clipped.norm } : {};
}

/**
 * Creates an optimizer's state: moments of zero, averages equal to the weights. State that is there stays.
 */
export async function prepareOptimizer(
  variables: Variables,
  parameters: readonly Parameter[],
  settings: OptimizerSettings,
): Promise<void> {
  const create = (slot: string, parameter: Parameter, values?: Values): void => {
    const { name, shape } = stateOf(slot, parameter);
    if (variables.spec(name)) return;
    variables.set(name, { shape, dtype: "f32" }, values ?? new Float32Array(elementCount(shape)));
  };
  for (const parameter of parameters) {
    if (settings.kind === "sgd") {
      create("velocity", parameter);
      continue;
    }
    create("first", parameter);
    create("second", parameter);
    if (settings.emaDecay !== undefined) create("ema", parameter, await variables.get(parameter.name));
  }
}

/** Sets an optimizer's moments back to zero, for another training of the same program. */
export function resetMoments(
  variables: Variables,
  parameters: readonly Parameter[],
  settings: OptimizerSettings,
): void {
  for (const parameter of parameters) {
    for (const slot of settings.kind === "sgd" ? ["velocity"] : ["first", "second"]) {
      const { name, shape } = stateOf(slot, parameter);
      variables.set(name, { shape, dtype: "f32" }, new Float32Array(elementCount(shape)));
    }
  }
}

/** Names of all variables that a training changes: the weights given, their moments and averages. */
export function trainingStateNames(parameters: readonly Parameter[], settings: OptimizerSettings): string[] {
  const slots =
    settings.kind === "sgd" ? ["velocity"] : ["first", "second", ...(settings.emaDecay === undefined ? [] : ["ema"])];
  return parameters.flatMap(({ name, trainable }) => [
    name,
    ...(trainable ? slots.map((slot) => `${slot}.${name}`) : []),
  ]);
}
