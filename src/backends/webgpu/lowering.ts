/** Lowering: how an op's node becomes dispatches of kernels. */
import type { Node, Tensor } from "../../graph/tensor.ts";
import type { Profile } from "./profile.ts";

/** Memory that lives only as long as the dispatches that name it. */
export interface Scratch {
  readonly scratch: string;
  readonly bytes: number;
}

/** A part of a tensor's or scratch's memory; `offset` must be a multiple of 256. */
export interface Window {
  readonly of: Tensor | Scratch;
  readonly offset: number;
  readonly bytes: number;
}

/** What a kernel binds, in the order of its bindings; null where a switch turns the binding off. */
export type Operand = Tensor | Scratch | Window | null;

/** One dispatch of one kernel. */
export interface Dispatch {
  /** Path below `shaders/`. */
  readonly shader: string;
  /** Pipeline-overridable constants. */
  readonly constants: Readonly<Record<string, number | boolean>>;
  /** The fields of the kernel's uniform `sizes`, in its order: what may differ without another compilation. */
  readonly sizes?: Readonly<Record<string, number>>;
  readonly bindings: readonly Operand[];
  readonly workgroups: readonly [number, number, number];
  /** A tensor that alone decides what the dispatch writes: while its values stay, once is enough, if there is memory to keep it. */
  readonly prepares?: Tensor;
  /** Multiplications and additions, to cut submits by time; bytes are counted from the bindings. */
  readonly flops?: number;
}

/** What a lowering may ask. */
export interface LoweringContext {
  readonly profile: Profile;
  /** Memory for intermediate results of this node. */
  scratch(bytes: number, label: string): Scratch;
  dispatch(dispatch: Dispatch): void;
}

/** Emits a node's dispatches. Each element of the outputs must be written: memory is dirty. */
export type Lowering = (node: Node, context: LoweringContext) => void;

const lowerings = new Map<string, Lowering>();

/** Registers the lowering of an op. */
export function defineLowering(op: string, lowering: Lowering): void {
  lowerings.set(op, lowering);
}

/** The lowering of an op. */
export function loweringOf(op: string): Lowering | undefined {
  return lowerings.get(op);
}

/** Names of all ops with a lowering. */
export function loweredOps(): string[] {
  return [...lowerings.keys()];
}

/** The widest a grid may be in one direction. */
export const gridLimit = 65535;

/**
 * A grid for `count` workgroups in a line: kernels rebuild the line as `id.y * GRID_WIDTH + id.x` with
 * `num_workgroups.x` and leave when past the end.
 */
export function lineGrid(count: number): readonly [number, number, number] {
  if (count <= gridLimit) return [Math.max(count, 1), 1, 1];
  const rows = Math.ceil(count / gridLimit);
  return [Math.ceil(count / rows), rows, 1];
}
