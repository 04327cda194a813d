/** Folds what follows a matrix product or convolution into its epilogue: bias, residual, activation. */
import type { Attributes, Node, Tensor } from "../tensor.ts";
import { listOf, sameShape, sizeOf, stringOf } from "../tensor.ts";
import { changedBy, viewRoots } from "./views.ts";

/** Activations that an epilogue can apply. */
const activations = new Set(["relu", "silu", "gelu", "quick_gelu"]);

/** Ops with an epilogue. */
const heads = new Set(["matmul", "conv2d"]);

interface Epilogue {
  bias?: Tensor;
  residual?: Tensor;
  activation?: string;
}

/** What following a chain must know of the whole graph. */
interface Surroundings {
  readonly readers: ReadonlyMap<Tensor, readonly Node[]>;
  /** Tensors that are read after the run. */
  readonly kept: ReadonlySet<Tensor>;
  readonly roots: ReadonlyMap<Tensor, Tensor>;
  /** Nodes of chains that are already folded. */
  readonly removed: ReadonlySet<Node>;
  /** Whether memory of one of these tensors changes after a node and before another. */
  changes(tensors: readonly Tensor[], after: Node, before: Node): boolean;
}

/**
 * Rewrites chains `product → + bias → + residual → activation` to one node with attributes `bias`, `residual` (whether
 * such an input follows, in this order) and `activation`. A link is folded when its input has no other reader, so in
 * training the values that the backward pass needs stay. The fused node stands where the last link stood and has its
 * shape: products must take their sizes from their inputs.
 *
 * @param nodes in a topological order
 * @param kept tensors that are read after the run
 */
export function fuse(nodes: readonly Node[], kept: ReadonlySet<Tensor>): Node[] {
  const removed = new Set<Node>();
  const replaced = new Map<Node, Node>();
  const roots = viewRoots(nodes);
  const around: Surroundings = { readers: readersOf(nodes), kept, roots, removed, changes: changesOf(nodes, roots) };
  for (const node of nodes) {
    if (!heads.has(node.op) || removed.has(node)) continue;
    const epilogue: Epilogue = {};
    const chain: Node[] = [node];
    let links = 1;
    for (let next = follow(node.outputs[0]!, node, epilogue, around); next;) {
      chain.push(next);
      if (next.op !== "reshape") links = chain.length;
      next = follow(next.outputs[0]!, node, epilogue, around);
    }
    if (links === 1) continue;
    chain.length = links;
    const last = chain.at(-1)!;
    for (const link of chain) removed.add(link);
    replaced.set(last, fused(node, last, epilogue));
  }
  return nodes.flatMap((node) => replaced.get(node) ?? (removed.has(node) ? [] : [node]));
}

function readersOf(nodes: readonly Node[]): Map<Tensor, Node[]> {
  const readers = new Map<Tensor, Node[]>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      const known = readers.get(input);
      if (known) known.push(node);
      else readers.set(input, [node]);
    }
  }
  return readers;
}

function changesOf(nodes: readonly Node[], roots: ReadonlyMap<Tensor, Tensor>): Surroundings["changes"] {
  const positions = new Map(nodes.map((node, position) => [node, position]));
  const changes = nodes.flatMap((node, position) => changedBy(node, roots).map((tensor) => ({ position, tensor })));
  return (tensors, after, before) => {
    const memory = new Set(tensors.map((tensor) => roots.get(tensor) ?? tensor));
    const [first, last] = [positions.get(after)!, positions.get(before)!];
    return changes.some(({ position, tensor }) => position > first && position < last && memory.has(tensor));
  };
}

/** The next link of a chain, its operands noted in the epilogue; undefined where the chain ends. */
function follow(tensor: Tensor, head: Node, epilogue: Epilogue, around: Surroundings): Node | undefined {
  const { readers, kept, roots, removed, changes } = around;
  const [reader, another] = readers.get(tensor) ?? [];
  if (!reader || another || kept.has(tensor) || epilogue.activation) return undefined;
  // A sum of two products belongs to the one that folded it first; the other is its residual.
  if (removed.has(reader)) return undefined;
  const { bias, residual } = epilogue;
  const operands = [...head.inputs, ...(bias ? [bias] : []), ...(residual ? [residual] : [])];
  if (changes(operands, head, reader)) return undefined;
  if (reader.op === "reshape") return reader;
  if (reader.op === "unary") {
    const kind = stringOf(reader, "kind");
    if (!activations.has(kind)) return undefined;
    epilogue.activation = kind;
    return reader;
  }
  if (reader.op !== "binary" || stringOf(reader, "kind") !== "add") return undefined;
  const [a, b] = reader.inputs as [Tensor, Tensor];
  const other = a === tensor ? b : a;
  // Kernels cannot bind one tensor twice.
  const memory = (of: Tensor): Tensor => roots.get(of) ?? of;
  if (residual || operands.some((operand) => memory(operand) === memory(other))) return undefined;
  if (sameShape(a.shape, b.shape)) {
    epilogue.residual = other;
    return reader;
  }
  if (a !== tensor || bias || !isRow(reader, columnsOf(head))) return undefined;
  epilogue.bias = b;
  return reader;
}

/** The product's number of columns. */
function columnsOf(head: Node): number {
  const weight = head.inputs[1]!;
  return head.op === "matmul" && head.attributes["transposeB"] === true ? sizeOf(weight, -2) : sizeOf(weight, -1);
}

/** Whether the second operand is one row, repeated. */
function isRow(reader: Node, columns: number): boolean {
  const sizes = listOf(reader, "sizes");
  const strides = listOf(reader, "strides");
  return sizes[2] === columns && strides[0] === 0 && strides[1] === 0 && strides[2] === 1;
}

function fused(head: Node, last: Node, { bias, residual, activation }: Epilogue): Node {
  const inputs = [...head.inputs, ...(bias ? [bias] : []), ...(residual ? [residual] : [])];
  const attributes: Attributes = {
    ...head.attributes,
    bias: bias !== undefined,
    residual: residual !== undefined,
    activation: activation ?? "none",
  };
  return { ...head, id: last.id, inputs, outputs: last.outputs, attributes };
}
