/** Which tensors share memory: a view is its input under another shape. */
import { opOf } from "../op.ts";
import type { Node, Tensor } from "../tensor.ts";

/**
 * Each view's tensor with the tensor whose memory it is.
 * @param nodes in a topological order
 */
export function viewRoots(nodes: readonly Node[]): Map<Tensor, Tensor> {
  const roots = new Map<Tensor, Tensor>();
  for (const node of nodes) {
    if (opOf(node)?.view) roots.set(node.outputs[0]!, roots.get(node.inputs[0]!) ?? node.inputs[0]!);
  }
  return roots;
}

/** The tensors whose memory a node changes. */
export function changedBy(node: Node, roots: ReadonlyMap<Tensor, Tensor>): Tensor[] {
  return (opOf(node)?.mutates ?? []).map((index) => roots.get(node.inputs[index]!) ?? node.inputs[index]!);
}
