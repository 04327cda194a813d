/** The loop of a training by steps: feed, run, log, checkpoint, stop. */
import type { Program, Values } from "../backends/backend.ts";
import { NonFiniteError } from "../errors.ts";
import { meanwhile } from "./meanwhile.ts";

/** What the loop reports from time to time. */
export interface StepLog {
  /** Finished steps. */
  readonly step: number;
  readonly loss: number;
  readonly rate: number;
  /** Since the last report. */
  readonly stepsPerSecond: number;
  readonly gradientNorm?: number;
}

/** How a training by steps goes. */
export interface LoopOptions {
  readonly label: string;
  /** Finished steps of an earlier run. */
  readonly firstStep: number;
  readonly steps: number;
  /** The learning rate of a step, counted from 0. */
  rate(step: number): number;
  /** The inputs of a step but rate and step number; must depend on the step's number alone. */
  feed(step: number): Readonly<Record<string, Values>>;
  readonly logEvery: number;
  onLog(log: StepLog): void;
  readonly checkpointEvery: number;
  /** Keeps the state after `step` finished steps. */
  checkpoint(step: number): Promise<void>;
  readonly signal?: AbortSignal;
  /** Milliseconds on the clock of `now` after which it stops cleanly. */
  readonly deadline?: number;
  /** A clock in milliseconds. */
  now(): number;
}

/**
 * Trains a program whose graph has inputs `rate`, `step` and those of `feed`, and outputs `loss` and perhaps `gradientNorm`.
 *
 * @returns the number of finished steps, fewer than asked when it was cancelled or out of time; a checkpoint is then kept
 * @throws NonFiniteError when a loss that is read is not finite; the last checkpoint stays as it was
 */
export async function trainBySteps(program: Program, hasNorm: boolean, options: LoopOptions): Promise<number> {
  let logged = options.now();
  let loggedStep = options.firstStep;
  let inputs = options.firstStep < options.steps ? options.feed(options.firstStep) : {};
  for (let step = options.firstStep; step < options.steps; step++) {
    const stopping = (options.signal?.aborted ?? false) || options.now() >= (options.deadline ?? Infinity);
    if (stopping) {
      await options.checkpoint(step);
      return step;
    }
    const rate = options.rate(step);
    const finished = step + 1;
    const running = program.run({ ...inputs, rate, step: finished });
    inputs = await meanwhile(running, () => (finished < options.steps ? options.feed(finished) : {}));
    if (finished % options.logEvery === 0 || finished === options.steps) {
      const loss = await readNumber(program, "loss");
      if (!Number.isFinite(loss)) throw new NonFiniteError(`${options.label}: loss`, finished, loss);
      const now = options.now();
      const stepsPerSecond = ((finished - loggedStep) * 1000) / Math.max(now - logged, 1e-3);
      [logged, loggedStep] = [now, finished];
      const norm = hasNorm ? { gradientNorm: await readNumber(program, "gradientNorm") } : {};
      options.onLog({ step: finished, loss, rate, stepsPerSecond, ...norm });
    }
    if (finished % options.checkpointEvery === 0 || finished === options.steps) await options.checkpoint(finished);
  }
  return options.steps;
}

/** An output of one element. */
export async function readNumber(program: Program, name: string): Promise<number> {
  return (await program.read(name))[0]!;
}

/**
 * A rate that rises linearly for `warmup` steps and then falls along half a cosine to `final` times its peak.
 *
 * Loshchilov & Hutter 2017, arXiv:1608.03983.
 */
export function cosineRate(peak: number, warmup: number, steps: number, final = 0.02): (step: number) => number {
  return (step) => {
    if (step < warmup) return (peak * (step + 1)) / warmup;
    const progress = Math.min((step - warmup) / Math.max(steps - warmup, 1), 1);
    return peak * (final + (1 - final) * 0.5 * (1 + Math.cos(Math.PI * progress)));
  };
}
