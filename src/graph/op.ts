/** The registry of ops: what a gradient is, and what may be recomputed. */
import type { DType, Node, Tensor } from "./tensor.ts";

/**
 * What the graph knows of an op. Shape rules live in the functions that build nodes (`ops/`).
 */
export interface Op {
  readonly name: string;
  /**
   * Builds the gradients of the inputs from those of the outputs.
   * @param node the node to differentiate
   * @param dys one gradient an output, undefined where nothing downstream needs it
   * @param needs which inputs a gradient is wanted for; the rule may leave the others undefined
   */
  readonly gradient?: (
    node: Node,
    dys: readonly (Tensor | undefined)[],
    needs: readonly boolean[],
  ) => readonly (Tensor | undefined)[];
  /** Inputs of u32, by index; all others are f32. */
  readonly integers?: readonly number[];
  /** Memory-bound: cheaper to run again than to keep its output. */
  readonly cheap?: boolean;
  /** Changes inputs in place (named by index) and is never pruned. */
  readonly mutates?: readonly number[];
  /** Its output is the input's memory under another shape, of any element type. */
  readonly view?: boolean;
}

const registry = new Map<string, Op>();

/** Registers an op under its name. */
export function defineOp(op: Op): void {
  registry.set(op.name, op);
}

/** The op of a node's name; sources (inputs, parameters, constants) have none. */
export function opOf(node: Node): Op | undefined {
  return registry.get(node.op);
}

/** The element types that an op's input may have. */
export function inputTypes(name: string, index: number): readonly DType[] {
  const op = registry.get(name);
  if (op?.view) return ["f32", "u32", "f16"];
  if (name === "widen") return ["f16"];
  return op?.integers?.includes(index) ? ["u32"] : ["f32"];
}

/** Names of all registered ops. */
export function opNames(): string[] {
  return [...registry.keys()];
}
