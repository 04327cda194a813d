/** Trades memory for time: forward values are computed again where the backward pass needs them. */
import { opOf } from "../op.ts";
import type { Node, Tensor } from "../tensor.ts";
import { changedBy, viewRoots } from "./views.ts";

/**
 * How much is recomputed: nothing; what is memory-bound (activations, normalisations); or whole blocks too, of which
 * only the outputs are kept.
 */
export const checkpointLevels = ["none", "cheap", "block"] as const;
export type CheckpointLevel = (typeof checkpointLevels)[number];

/**
 * Inserts recomputation before the backward nodes that need it. What was read of a parameter before the step changed it is
 * not recomputed after.
 *
 * @param nodes in order
 * @param firstBackward nodes with this id and above are the backward pass
 * @param freshId gives ids for recomputed tensors
 * @returns nodes in order; backward nodes read recomputed tensors; forward nodes that only they read are left without readers
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
  const roots = viewRoots(nodes);
  const crossing = level === "block" ? tensorsBetweenBlocks(nodes, firstBackward) : new Set<Tensor>();
  const changed = new Set<Tensor>();
  const isChanged = (tensor: Tensor): boolean => changed.has(roots.get(tensor) ?? tensor);
  const recomputed = new Map<Tensor, Tensor>();
  const result: Node[] = [];

  const again = (tensor: Tensor, node: Node): boolean => {
    if (node.id >= firstBackward || node.inputs.length === 0 || node.inputs.some(isChanged)) return false;
    if (level === "block" && node.block >= 0) return !crossing.has(tensor);
    const op = opOf(node);
    return op?.cheap === true || op?.view === true;
  };
  const current = (tensor: Tensor): Tensor => (isChanged(tensor) ? tensor : (recomputed.get(tensor) ?? tensor));
  /** What is to be computed again before a tensor can be read. */
  const producerOf = (tensor: Tensor): Node | undefined => {
    if (isChanged(tensor) || recomputed.has(tensor)) return undefined;
    const producer = producers.get(tensor);
    return producer && again(tensor, producer) ? producer : undefined;
  };
  const resolve = (tensor: Tensor): Tensor => {
    // Depth first, on a stack of its own: chains may be longer than the machine's stack.
    const open = [tensor];
    while (open.length > 0) {
      const producer = producerOf(open.at(-1)!);
      const before = producer?.inputs.filter((input) => producerOf(input)) ?? [];
      if (before.length > 0) {
        open.push(...before.reverse());
        continue;
      }
      open.pop();
      if (!producer) continue;
      const outputs = producer.outputs.map((output) => ({ ...output, id: freshId() }));
      producer.outputs.forEach((output, index) => {
        if (!crossing.has(output)) recomputed.set(output, outputs[index]!);
      });
      result.push({ ...producer, inputs: producer.inputs.map(current), outputs });
    }
    return current(tensor);
  };

  for (const node of nodes) {
    result.push(node.id < firstBackward ? node : { ...node, inputs: resolveAll(node, resolve) });
    for (const tensor of changedBy(node, roots)) changed.add(tensor);
  }
  return result;
}

/** What a block gives to others: kept, or the first backward block would run the whole forward pass again. */
function tensorsBetweenBlocks(nodes: readonly Node[], firstBackward: number): Set<Tensor> {
  const blocks = new Map<Tensor, number>();
  const crossing = new Set<Tensor>();
  for (const node of nodes) {
    if (node.id >= firstBackward) break;
    for (const input of node.inputs) if (blocks.has(input) && blocks.get(input) !== node.block) crossing.add(input);
    if (node.block >= 0) for (const output of node.outputs) blocks.set(output, node.block);
  }
  return crossing;
}

function resolveAll(node: Node, resolve: (tensor: Tensor) => Tensor): Tensor[] {
  // What a node changes in place must stay itself.
  const mutated = new Set(opOf(node)?.mutates ?? []);
  return node.inputs.map((input, index) => (mutated.has(index) ? input : resolve(input)));
}
