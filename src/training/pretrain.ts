/** Pre-training one network of the mini world: what to minimise, what to feed, and a loop that can be stopped and resumed. */
import type { Backend, Values, Variables } from "../backends/backend.ts";
import type { Graph } from "../graph/graph.ts";
import { trace } from "../graph/graph.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Parameter } from "../nn/parameters.ts";
import type { Safetensors } from "../weights/safetensors.ts";
import type { StepLog } from "./loop.ts";
import { cosineRate, trainBySteps } from "./loop.ts";
import type { AdamWSettings } from "./optimizer.ts";
import { addOptimizerStep, adamWDefaults, prepareOptimizer, trainingStateNames } from "./optimizer.ts";
import { loadTrainingState, saveTrainingState } from "./training-state.ts";

/** A network with its objective and its examples. */
export interface Pretraining {
  readonly label: string;
  /** All weights; the trainable ones are trained. */
  readonly parameters: readonly Parameter[];
  /** The factor of a weight's first values; 1 when absent. */
  firstScale?(parameter: Parameter): number;
  /** Builds the loss [1] from inputs that `feed` names. */
  loss(g: Graph): Tensor;
  /** The inputs of a step, counted from 0; must depend on its number alone. */
  feed(step: number): Readonly<Record<string, Values>>;
}

/** How long and how fast. */
export interface PretrainSchedule {
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
  readonly warmup: number;
  readonly weightDecay: number;
  readonly emaDecay: number;
  /** The largest joint norm of the gradients. */
  readonly clip: number;
  readonly seed: number;
}

/** Where a pre-training keeps itself, and when it stops. */
export interface PretrainControl {
  /** The state of an earlier run. */
  readonly state?: Safetensors;
  /** A hash of what decides the training. */
  readonly key: string;
  keep(state: Uint8Array, step: number): Promise<void>;
  onLog(log: StepLog): void;
  readonly logEvery: number;
  readonly checkpointEvery: number;
  readonly signal?: AbortSignal;
  readonly deadline?: number;
  now(): number;
}

/**
 * Trains with AdamW, a warm-up and a cosine, and a running average of the weights (read it under `averageName`).
 *
 * @param variables holds the initialised weights
 * @returns finished steps
 * @throws NonFiniteError when the loss leaves the finite numbers
 */
export async function pretrain(
  backend: Backend,
  variables: Variables,
  task: Pretraining,
  schedule: PretrainSchedule,
  control: PretrainControl,
): Promise<number> {
  const settings: AdamWSettings = {
    ...adamWDefaults,
    beta2: 0.98,
    weightDecay: schedule.weightDecay,
    clip: schedule.clip,
    emaDecay: schedule.emaDecay,
  };
  const trainable = task.parameters.filter((parameter) => parameter.trainable);
  await prepareOptimizer(variables, trainable, settings);
  const names = trainingStateNames(task.parameters, settings);
  const graph = trace((g) => {
    const loss = task.loss(g);
    const { gradientNorm } = addOptimizerStep(g, loss, trainable, settings);
    return { loss, gradientNorm: gradientNorm! };
  });
  const program = await backend.compile(graph, variables, { label: `pretrain ${task.label}` });
  const firstStep = control.state ? await loadTrainingState(variables, names, control.state, control.key) : 0;
  try {
    return await trainBySteps(program, true, {
      label: task.label,
      firstStep,
      steps: schedule.steps,
      rate: cosineRate(schedule.rate, schedule.warmup, schedule.steps),
      feed: (step) => task.feed(step),
      checkpoint: async (step) =>
        control.keep(
          await saveTrainingState(variables, names, { step, steps: schedule.steps, key: control.key }),
          step,
        ),
      ...control,
    });
  } finally {
    program.dispose();
  }
}
