/** The registry of f64 loops: the definition of each op. */
import type { Node } from "../../graph/tensor.ts";

/** A tensor's values: f64 for numbers, Uint32Array for indices. */
export type Numbers = Float64Array | Uint32Array;

/**
 * Computes a node's outputs; ops that mutate write into their inputs and return nothing.
 * @param inputs values in the order of the node's inputs, row by row
 */
export type Reference = (node: Node, inputs: readonly Numbers[]) => readonly Numbers[];

const references = new Map<string, Reference>();

/** Registers the f64 loops of an op. */
export function defineReference(op: string, reference: Reference): void {
  references.set(op, reference);
}

/** The f64 loops of an op. */
export function referenceOf(op: string): Reference | undefined {
  return references.get(op);
}

/** Names of all ops with f64 loops. */
export function referencedOps(): string[] {
  return [...references.keys()];
}
