/** Gives a node that reads one tensor twice a copy of it: kernels bind everything as writable, so no memory twice. */
import { opOf } from "../op.ts";
import type { Node, Tensor } from "../tensor.ts";
import { changedBy, viewRoots } from "./views.ts";

/**
 * Inserts copies where inputs of a node share memory and at most one of them is changed by it.
 *
 * @param nodes in a topological order
 * @param freshId gives ids for copies
 */
export function separate(nodes: readonly Node[], freshId: () => number): Node[] {
  const roots = viewRoots(nodes);
  const result: Node[] = [];
  for (const node of nodes) {
    const seen = new Set(changedBy(node, roots));
    const mutated = opOf(node)?.mutates ?? [];
    const inputs = node.inputs.map((input, index) => {
      const root = roots.get(input) ?? input;
      if (mutated.includes(index) || !seen.has(root) || input.dtype !== "f32") {
        seen.add(root);
        return input;
      }
      const copy = copyOf(input, freshId);
      result.push(copy);
      return copy.outputs[0]!;
    });
    result.push(inputs.every((input, index) => input === node.inputs[index]) ? node : { ...node, inputs });
  }
  return result;
}

/** 1·x + 0 */
function copyOf(x: Tensor, freshId: () => number): Node {
  const outputs: Tensor[] = [];
  const node: Node = {
    id: x.node.id,
    op: "affine",
    inputs: [x],
    outputs,
    attributes: { scale: 1, offset: 0 },
    block: x.node.block,
  };
  outputs.push({ ...x, id: freshId(), node, index: 0 });
  return node;
}
