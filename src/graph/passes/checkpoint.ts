/** Trades memory for time: forward values are computed again where the backward pass needs them. */
import { opOf } from "../op.ts";
import type { Node, Tensor } from "../tensor.ts";

/**
 * How much is recomputed: nothing; what is memory-bound (activations, normalisations, additions); or whole blocks, of which
 * only the inputs are kept.
 */
export const checkpointLevels = ["none", "cheap", "block"] as const;
export type CheckpointLevel = (typeof checkpointLevels)[number];

/**
 * Inserts recomputation before the backward nodes that need it.
 *
 * @param nodes in order
 * @param firstBackward nodes with this id and above are the backward pass
 * @param freshId gives ids for recomputed tensors
 * @returns nodes in order; backward nodes read recomputed tensors
 *
 * Chen et al. 2016, arXiv:1604.06174.
 */
export function checkpoint(
  nodes: readonly Node[],
  firstBackward: number,
  level: CheckpointLevel,
  freshId: () => number,
): Node[] {
  if (level === "none" || firstBackward === Infinity) return [...nodes];
  const producers = new Map<Tensor, Node>();
  for (const node of nodes) for (const output of node.outputs) producers.set(output, node);
  const recomputed = new Map<Tensor, Tensor>();
  const result: Node[] = [];

  const again = (node: Node): boolean => {
    if (node.id >= firstBackward || node.inputs.length === 0) return false;
    if (level === "block" && node.block >= 0) return true;
    const op = opOf(node);
    return op?.cheap === true || op?.view === true;
  };
  const resolve = (tensor: Tensor): Tensor => {
    const known = recomputed.get(tensor);
    if (known) return known;
    const producer = producers.get(tensor);
    if (!producer || !again(producer)) return tensor;
    const inputs = producer.inputs.map(resolve);
    const outputs = producer.outputs.map((output) => ({ ...output, id: freshId() }));
    producer.outputs.forEach((output, index) => recomputed.set(output, outputs[index]!));
    result.push({ ...producer, inputs, outputs });
    return recomputed.get(tensor)!;
  };

  for (const node of nodes) {
    result.push(node.id < firstBackward ? node : { ...node, inputs: resolveAll(node, resolve) });
  }
  return result;
}

function resolveAll(node: Node, resolve: (tensor: Tensor) => Tensor): Tensor[] {
  // What a node changes in place must stay itself.
  const mutated = new Set(opOf(node)?.mutates ?? []);
  return node.inputs.map((input, index) => (mutated.has(index) ? input : resolve(input)));
}
