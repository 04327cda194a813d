/** Reverse-mode differentiation: gradients are more graph. */
import { opOf } from "./op.ts";
import { add } from "./ops/elementwise.ts";
import type { Node, Tensor } from "./tensor.ts";
import { elementCount } from "./tensor.ts";
import { ShapeError } from "../errors.ts";

/**
 * Gradients of a scalar with respect to tensors.
 *
 * Only nodes between `wrt` and `loss` get gradient nodes, so whatever is frozen costs nothing.
 *
 * @param loss one element
 * @param wrt the tensors to differentiate by
 * @param seed the gradient of `loss` itself; 1 when absent
 * @returns one gradient a tensor of `wrt`, of its shape; zeros where `loss` does not depend on it
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[], seed?: Tensor): Tensor[] {
  if (elementCount(loss.shape) !== 1) throw new ShapeError("gradients: loss", "one element", loss.shape);
  const g = loss.graph;
  const forward = g.nodes.length;
  g.firstBackward = Math.min(g.firstBackward, forward);
  const depends = dependents(g.nodes, wrt);
  const found = new Map<Tensor, Tensor>();
  found.set(loss, seed ?? g.filled(1, loss.shape));
  for (let id = forward - 1; id >= 0; id--) {
    const node = g.nodes[id]!;
    const dys = node.outputs.map((output) => found.get(output));
    if (!dys.some(Boolean) || !node.inputs.some((input) => depends.has(input))) continue;
    const rule = opOf(node)?.gradient;
    if (!rule) throw new TypeError(`${node.op} has no gradient`);
    const needs = node.inputs.map((input) => depends.has(input));
    rule(node, dys, needs).forEach((dx, index) => {
      const input = node.inputs[index]!;
      if (!dx || !needs[index]) return;
      const sum = found.get(input);
      found.set(input, sum ? add(sum, dx) : dx);
    });
  }
  return wrt.map((tensor) => found.get(tensor) ?? g.filled(0, tensor.shape));
}

/** All tensors that depend on one of `wrt`, these included. */
function dependents(nodes: readonly Node[], wrt: readonly Tensor[]): Set<Tensor> {
  const depends = new Set(wrt);
  for (const node of nodes) {
    if (node.inputs.some((input) => depends.has(input))) for (const output of node.outputs) depends.add(output);
  }
  return depends;
}
