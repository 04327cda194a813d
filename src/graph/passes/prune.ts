/** Keeps what outputs and effects need. */
import type { Graph } from "../graph.ts";
import { hasEffect } from "../graph.ts";
import type { Node, Tensor } from "../tensor.ts";

/**
 * The nodes that must run, in order.
 * Whatever feeds neither an output nor an effect is dropped: frozen parameters cost no gradient.
 *
 * @param nodes in a topological order; the graph's own when absent
 */
export function prune(graph: Graph, nodes: readonly Node[] = graph.nodes): Node[] {
  const wanted = new Set<Tensor>(graph.outputs.values());
  const kept: Node[] = [];
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index]!;
    if (!hasEffect(node) && !node.outputs.some((output) => wanted.has(output))) continue;
    for (const input of node.inputs) wanted.add(input);
    kept.push(node);
  }
  return kept.reverse();
}
