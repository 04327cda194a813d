/** Keeps what outputs and effects need. */
import type { Graph } from "../graph.ts";
import { hasEffect } from "../graph.ts";
import type { Node, Tensor } from "../tensor.ts";

/**
 * The nodes that must run, in order.
 * Whatever feeds neither an output nor an effect is dropped: frozen parameters cost no gradient.
 */
export function prune(graph: Graph): Node[] {
  const wanted = new Set<Tensor>(graph.outputs.values());
  const kept: Node[] = [];
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    const node = graph.nodes[id]!;
    if (!hasEffect(node) && !node.outputs.some((output) => wanted.has(output))) continue;
    for (const input of node.inputs) wanted.add(input);
    kept.push(node);
  }
  return kept.reverse();
}
