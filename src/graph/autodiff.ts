/** Reverse-mode differentiation: gradients are more graph. */
import { opOf } from "./op.ts";
import { add } from "./ops/elementwise.ts";
import { reshape } from "./ops/shape.ts";
import { changedBy, viewRoots } from "./passes/views.ts";
import type { Node, Tensor } from "./tensor.ts";
import { elementCount } from "./tensor.ts";
import { ShapeError } from "../errors.ts";

/**
 * Gradients of a scalar with respect to tensors.
 *
 * Only nodes between `wrt` and `loss` get gradient nodes, so whatever is frozen costs nothing.
 *
 * @param loss one element
 * @param wrt the tensors to differentiate by, of the graph of `loss`
 * @param seed the gradient of `loss` itself, one element; 1 when absent
 * @returns one gradient a tensor of `wrt`, of its shape; zeros where `loss` does not depend on it
 * @throws ShapeError for a loss or a seed of several elements, or tensors of another graph
 * @throws TypeError for an op without gradient, or when what a gradient must read was changed in place since
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[], seed?: Tensor): Tensor[] {
  if (elementCount(loss.shape) !== 1) throw new ShapeError("gradients: loss", "one element", loss.shape);
  if (loss.dtype !== "f32") throw new ShapeError("gradients: element type of loss", "f32", loss.dtype);
  if (seed && elementCount(seed.shape) !== 1) throw new ShapeError("gradients: seed", "one element", seed.shape);
  const g = loss.graph;
  // Nothing of another graph is read here, so its gradients would all be zeros.
  for (const tensor of wrt) g.expectOwn("gradients: by", tensor);
  if (seed) g.expectOwn("gradients: seed", seed);
  const forward = g.nodes.length;
  g.firstBackward = Math.min(g.firstBackward, forward);
  const depends = dependents(g.nodes, wrt);
  const changes = changesInPlace(g.nodes);
  const found = new Map<Tensor, Tensor>();
  found.set(loss, seed ? reshape(seed, loss.shape) : g.filled(1, loss.shape));
  for (let id = forward - 1; id >= 0; id--) {
    const node = g.nodes[id]!;
    const dys = node.outputs.map((output) => found.get(output));
    if (!dys.some(Boolean) || !node.inputs.some((input) => depends.has(input))) continue;
    const rule = opOf(node)?.gradient;
    if (!rule) throw new TypeError(`${node.op} has no gradient`);
    const needs = node.inputs.map((input) => depends.has(input));
    const built = g.nodes.length;
    const dxs = rule(node, dys, needs);
    for (const reader of g.nodes.slice(built)) checkUnchanged(node, reader, changes);
    dxs.forEach((dx, index) => {
      const input = node.inputs[index]!;
      if (!dx || !needs[index]) return;
      const sum = found.get(input);
      found.set(input, sum ? add(sum, dx) : dx);
    });
  }
  return wrt.map((tensor) => found.get(tensor) ?? g.filled(0, tensor.shape));
}

/** Steps that change memory in place, by the tensor that owns it. */
interface Changes {
  readonly roots: ReadonlyMap<Tensor, Tensor>;
  readonly last: ReadonlyMap<Tensor, Node>;
}

function changesInPlace(nodes: readonly Node[]): Changes {
  const roots = viewRoots(nodes);
  const last = new Map<Tensor, Node>();
  for (const node of nodes) for (const tensor of changedBy(node, roots)) last.set(tensor, node);
  return { roots, last };
}

/** @throws TypeError when a gradient's node would read what was changed after the forward node had read it */
function checkUnchanged(node: Node, reader: Node, { roots, last }: Changes): void {
  for (const input of reader.inputs) {
    const root = roots.get(input) ?? input;
    const change = last.get(root);
    if (!change || change.id < node.id) continue;
    const name = String(root.node.attributes["name"] ?? root.node.op);
    throw new TypeError(
      `${node.op}: its gradient reads ${name}, which ${change.op} changed since; take gradients first`,
    );
  }
}

/** All tensors that depend on one of `wrt`, these included. */
function dependents(nodes: readonly Node[], wrt: readonly Tensor[]): Set<Tensor> {
  const depends = new Set(wrt);
  for (const node of nodes) {
    if (node.inputs.some((input) => depends.has(input))) for (const output of node.outputs) depends.add(output);
  }
  return depends;
}
