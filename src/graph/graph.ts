/** A graph under construction: inputs, parameters, nodes in the order they were built, named outputs. */
import { ShapeError } from "../errors.ts";
import { inputTypes, opOf } from "./op.ts";
import { checkFinite } from "./ops/check.ts";
import type { Attributes, DType, Node, Shape, Tensor } from "./tensor.ts";
import { elementCount, sameShape } from "./tensor.ts";

/** What a graph must know of a value that outlives a run. */
export interface ParameterSpec {
  /** The checkpoint's name. */
  readonly name: string;
  readonly shape: Shape;
  /** `f16` keeps it in half precision; it is widened where it is used. */
  readonly dtype?: DType;
}

/** One output of a node to be built. */
export interface OutputSpec {
  readonly shape: Shape;
  readonly dtype?: DType;
}

/** A static dataflow graph. Nodes stand in the order they were built, which is a topological order. */
export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs = new Map<string, Tensor>();
  readonly parameters = new Map<string, Tensor>();
  readonly outputs = new Map<string, Tensor>();
  /** The id of the first backward node: set by `gradients`. */
  firstBackward = Infinity;
  #tensors = 0;
  #block = -1;
  #blocks = 0;

  /** A value given anew at each run. @throws ShapeError for f16, in which only parameters are kept */
  input(name: string, shape: Shape, dtype: DType = "f32"): Tensor {
    if (dtype === "f16") throw new ShapeError(`input ${name}: element type`, "f32 or u32", dtype);
    const known = this.inputs.get(name);
    if (known) return this.#same(`input ${name}`, known, { shape, dtype });
    const tensor = this.node("input", [], [{ shape, dtype }], { name })[0]!;
    this.inputs.set(name, tensor);
    return tensor;
  }

  /** A number given anew at each run: a tensor of shape [1]. */
  scalar(name: string, dtype: DType = "f32"): Tensor {
    return this.input(name, [1], dtype);
  }

  /** A value that outlives the run, by name. Half-precision ones come back widened to f32. */
  parameter(spec: ParameterSpec): Tensor {
    const known = this.parameters.get(spec.name);
    if (known) return this.#same(`parameter ${spec.name}`, known, spec);
    const dtype = spec.dtype ?? "f32";
    const stored = this.node("parameter", [], [{ shape: spec.shape, dtype }], { name: spec.name })[0]!;
    const tensor = dtype === "f16" ? this.node("widen", [stored], [{ shape: spec.shape }])[0]! : stored;
    this.parameters.set(spec.name, tensor);
    return tensor;
  }

  /** Values known when the graph is built, of which it keeps a copy. @throws ShapeError for others than a Float32Array's */
  constant(values: Float32Array, shape: Shape): Tensor {
    // Callers without types may hand over any array, which devices would keep as zeros.
    if (!(values instanceof Float32Array)) {
      const actual: unknown = (values as Float32Array | undefined)?.constructor.name;
      throw new ShapeError("constant: element type", "f32 in a Float32Array", String(actual));
    }
    if (values.length !== elementCount(shape)) throw new ShapeError("constant", shape, [values.length]);
    return this.node("constant", [], [{ shape }], { values: values.slice() })[0]!;
  }

  /** A tensor of one repeated value. */
  filled(value: number, shape: Shape): Tensor {
    checkFinite("filled", value);
    return this.node("filled", [], [{ shape }], { value })[0]!;
  }

  /** Names a tensor to be read after a run. @throws ShapeError when it is not of this graph */
  output(name: string, tensor: Tensor): void {
    this.expectOwn(`output ${name}`, tensor);
    this.outputs.set(name, tensor);
  }

  /** Runs `build`; what it makes may be recomputed as one block in the backward pass. */
  block<T>(build: () => T): T {
    const outer = this.#block;
    if (outer === -1) this.#block = this.#blocks++;
    try {
      return build();
    } finally {
      this.#block = outer;
    }
  }

  /** Adds a node. Ops call it after their shape rule. */
  node(
    op: string,
    inputs: readonly Tensor[],
    outputs: readonly OutputSpec[],
    attributes: Attributes = {},
  ): readonly Tensor[] {
    inputs.forEach((tensor, index) => {
      this.expectOwn(op, tensor);
      const wanted = inputTypes(op, index);
      if (!wanted.includes(tensor.dtype))
        throw new ShapeError(`${op}: element type of input ${String(index)}`, wanted.join(" or "), tensor.dtype);
    });
    const tensors: Tensor[] = [];
    const node: Node = { id: this.nodes.length, op, inputs, outputs: tensors, attributes, block: this.#block };
    outputs.forEach(({ shape, dtype }, index) => {
      if (shape.some((size) => !Number.isInteger(size) || size < 1))
        throw new ShapeError(op, "sizes of at least 1", shape);
      tensors.push({ id: this.#tensors++, graph: this, node, index, shape, dtype: dtype ?? "f32" });
    });
    this.nodes.push(node);
    return tensors;
  }

  /** An id for a tensor that a pass makes. */
  freshId(): number {
    return this.#tensors++;
  }

  #same(where: string, known: Tensor, { shape, dtype = "f32" }: OutputSpec): Tensor {
    const stored = known.node.op === "widen" ? known.node.inputs[0]! : known;
    if (!sameShape(stored.shape, shape)) throw new ShapeError(where, stored.shape, shape);
    if (stored.dtype !== dtype) throw new ShapeError(`${where}: element type`, stored.dtype, dtype);
    return known;
  }

  /** Passes tensors of this graph. @throws ShapeError; callers without types may hand over nothing at all */
  expectOwn(where: string, tensor: Tensor | undefined): void {
    if (tensor?.graph === this) return;
    const actual = tensor ? `a tensor of another (${tensor.node.op})` : "none";
    throw new ShapeError(where, "a tensor of this graph", actual);
  }
}

/**
 * Builds a graph by calling a function once.
 * @param build returns the outputs by name
 */
export function trace(build: (g: Graph) => Readonly<Record<string, Tensor>>): Graph {
  const g = new Graph();
  for (const [name, tensor] of Object.entries(build(g))) g.output(name, tensor);
  return g;
}

/** Whether a node must run although nobody reads it. */
export function hasEffect(node: Node): boolean {
  return (opOf(node)?.mutates?.length ?? 0) > 0;
}
