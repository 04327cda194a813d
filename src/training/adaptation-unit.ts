/** One course of an adaptation: its epochs, when it stops, and which state it keeps. */
import type { Values } from "../backends/backend.ts";

/** The state that is kept: of the least loss on validation or training pictures, or after so many epochs. */
export type Checkpoint = "best-validation" | "best-train" | number;

/** Mean losses of an epoch. */
export interface EpochLosses {
  readonly training: number;
  readonly validation: number;
}

/** How far a course is, beside the rows and the denoiser that it keeps. */
export interface CourseProgress {
  readonly epochs: readonly EpochLosses[];
  readonly keptEpoch: number;
  /** Of the errors since the last epoch's end. */
  readonly sum: number;
  readonly count: number;
}

/** Counts epochs for groups that are trained together: one group alone, or all with a shared denoiser. */
export class AdaptationUnit {
  readonly epochs: EpochLosses[] = [];
  keptEpoch = 0;
  keptRows: readonly Float32Array[] = [];
  keptDenoiser: ReadonlyMap<string, Values> | undefined;
  #sum = 0;
  #count = 0;

  /**
   * @param members numbers of its groups
   * @param rule what is kept, and when it ends
   */
  constructor(
    readonly members: readonly number[],
    readonly stepsPerEpoch: number,
    private readonly rule: {
      readonly checkpoint: Checkpoint;
      readonly maxEpochs: number;
      readonly patience: number;
    },
  ) {}

  get progress(): CourseProgress {
    return { epochs: this.epochs, keptEpoch: this.keptEpoch, sum: this.#sum, count: this.#count };
  }

  /** Goes on where an earlier start was. @param rows the rows that it kept, and perhaps the denoiser */
  resume(
    { epochs, keptEpoch, sum, count }: CourseProgress,
    rows: readonly Float32Array[],
    denoiser: ReadonlyMap<string, Values> | undefined,
  ): void {
    this.epochs.push(...epochs);
    [this.keptEpoch, this.#sum, this.#count] = [keptEpoch, sum, count];
    [this.keptRows, this.keptDenoiser] = [rows, denoiser];
  }

  /** Steps that it takes at most. */
  get mostSteps(): number {
    const { checkpoint, maxEpochs } = this.rule;
    return this.stepsPerEpoch * (typeof checkpoint === "number" ? Math.min(checkpoint, maxEpochs) : maxEpochs);
  }

  /** No further epoch can change what is kept: the last one is over, the asked one is, or the validation loss stagnates. */
  get isDone(): boolean {
    const { checkpoint, maxEpochs, patience } = this.rule;
    const done = this.epochs.length;
    if (typeof checkpoint === "number") return done >= Math.min(checkpoint, maxEpochs);
    return done >= maxEpochs || done - 1 - this.#bestOf("validation") >= patience;
  }

  /** Adds the errors of a step's examples. */
  add(errors: Float32Array): void {
    if (this.isDone) return;
    for (const error of errors) this.#sum += error;
    this.#count += errors.length;
  }

  /** The mean error since the last epoch's end. */
  trainingLoss(): number {
    return this.#sum / this.#count;
  }

  /** Ends an epoch. @returns whether the state is to be kept */
  finishEpoch(losses: EpochLosses): boolean {
    this.epochs.push(losses);
    [this.#sum, this.#count] = [0, 0];
    const { checkpoint, maxEpochs } = this.rule;
    const last = this.epochs.length - 1;
    if (typeof checkpoint === "number") return last + 1 === Math.min(checkpoint, maxEpochs);
    return this.#bestOf(checkpoint === "best-train" ? "training" : "validation") === last;
  }

  /** Keeps the state of the epoch that ended last. */
  keep(rows: readonly Float32Array[], denoiser: ReadonlyMap<string, Values> | undefined): void {
    this.keptEpoch = this.epochs.length;
    this.keptRows = rows;
    this.keptDenoiser = denoiser;
  }

  /** The first epoch of the least loss, counted from 0. */
  #bestOf(which: keyof EpochLosses): number {
    const losses = this.epochs.map((epoch) => epoch[which]);
    return Math.max(0, losses.indexOf(Math.min(...losses)));
  }
}
