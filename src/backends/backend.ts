/** What every backend does: hold variables, turn graphs into programs, run them. */
import type { Graph } from "../graph/graph.ts";
import type { CheckpointLevel } from "../graph/passes/checkpoint.ts";
import type { DType, Shape } from "../graph/tensor.ts";

/** Values on the host: f32 and widened f16 as Float32Array, u32 as Uint32Array. */
export type Values = Float32Array | Uint32Array;

/** A variable's type. */
export interface VariableSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Values that outlive runs: weights, optimizer moments, running statistics. Programs share them by name. */
export interface Variables {
  names(): string[];
  spec(name: string): VariableSpec | undefined;
  /**
   * Creates a variable or overwrites its values, after the runs and reads that were asked for before.
   * @throws ShapeError for other values than its type takes, or when it exists with another type
   */
  set(name: string, spec: VariableSpec, values: Values): void;
  /** @throws MissingError */
  get(name: string): Promise<Values>;
  delete(name: string): void;
  dispose(): void;
}

/** Peak bytes by purpose, known before anything is allocated. */
export interface MemoryReport {
  readonly parameters: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Constants of the graph, and the sizes that kernels take. */
  readonly constants: number;
  /** The arena: activations, gradients and scratch, overlaid by lifetime. */
  readonly arena: number;
  /** What the arena's values would take one by one: what the overlay saves. */
  readonly arenaUnshared: number;
  readonly total: number;
  readonly checkpoint: CheckpointLevel;
  readonly dispatches: number;
}

/** How a graph is compiled. */
export interface CompileOptions {
  /** The plan takes the lowest checkpointing level that fits. */
  readonly budgetBytes?: number;
  /** A name for errors and logs. */
  readonly label?: string;
  /** How long one submit should keep the device: 200 ms when absent, 50 ms where a person watches the same device. */
  readonly submitMilliseconds?: number;
}

/** How a run goes. */
export interface RunOptions {
  /** Honoured between submits. */
  readonly signal?: AbortSignal;
  /** The run stops between submits once it has taken this long. */
  readonly budgetMilliseconds?: number;
  /** Told after each finished submit. */
  readonly onProgress?: (doneDispatches: number, allDispatches: number) => void;
}

/** A graph made ready: recorded once, replayed at each run. Runs and reads of one backend go in the order of their calls. */
export interface Program {
  readonly report: MemoryReport;
  /**
   * Runs once, with the values that the inputs have at the call. Inputs that are left out keep their last values, zeros
   * before the first.
   * @returns "cancelled" when the signal or the time budget stopped it between submits: outputs and variables it would have
   * changed are then undefined
   * @throws ShapeError, MissingError for wrong inputs; MissingError for a variable that was deleted, also while the run goes;
   * DeviceLostError
   */
  run(inputs?: Readonly<Record<string, Values | number>>, options?: RunOptions): Promise<"done" | "cancelled">;
  /** An output's values after the last run. @throws MissingError also before the first run has ended; DeviceLostError */
  read(name: string): Promise<Values>;
  /** Frees the program's memory; variables stay. It cannot run or be read after that. */
  dispose(): void;
}

/** Turns graphs into programs. */
export interface Backend {
  readonly name: string;
  variables(): Variables;
  /**
   * What compiling would allocate, without doing so.
   * @throws OutOfMemoryError when no checkpointing level fits the budget
   */
  plan(graph: Graph, options?: CompileOptions): { readonly report: MemoryReport };
  /** @throws OutOfMemoryError, ShaderError, ShapeError, MissingError, DeviceLostError */
  compile(graph: Graph, variables: Variables, options?: CompileOptions): Promise<Program>;
  dispose(): void;
}
