/** Tensors and nodes: what a graph is made of. Building them computes nothing. */
import type { Graph } from "./graph.ts";

/** Element types: `f16` is a storage type only, arithmetic is f32. */
export type DType = "f32" | "u32" | "f16";

/** Sizes, outermost first. Images are [n, h, w, c]. */
export type Shape = readonly number[];

/** What an op needs to know besides its inputs. */
export type Attributes = Readonly<
  Record<string, number | boolean | string | readonly number[] | Float32Array | undefined>
>;

/** One result of a node: a static shape and an element type. */
export interface Tensor {
  readonly id: number;
  readonly graph: Graph;
  readonly node: Node;
  /** Which of the node's outputs it is. */
  readonly index: number;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** An op applied to tensors, an input, a parameter or a constant. */
export interface Node {
  readonly id: number;
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: Attributes;
  /** The checkpointing block it was built in, or -1. */
  readonly block: number;
}

/** The number of elements of a shape. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Bytes of one element. */
export function elementBytes(dtype: DType): number {
  return dtype === "f16" ? 2 : 4;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The size of an axis, counted from the end when negative. */
export function sizeOf(tensor: { readonly shape: Shape }, axis: number): number {
  const size = tensor.shape[axis < 0 ? tensor.shape.length + axis : axis];
  if (size === undefined)
    throw new RangeError(`axis ${String(axis)} of a tensor with ${String(tensor.shape.length)} axes`);
  return size;
}

/** A number attribute of a node. */
export function numberOf(node: Node, key: string): number {
  const value = node.attributes[key];
  if (typeof value !== "number")
    throw new TypeError(`${node.op}: attribute ${key}: expected a number, got ${String(value)}`);
  return value;
}

/** A string attribute of a node. */
export function stringOf(node: Node, key: string): string {
  const value = node.attributes[key];
  if (typeof value !== "string")
    throw new TypeError(`${node.op}: attribute ${key}: expected a string, got ${String(value)}`);
  return value;
}

/** A boolean attribute of a node; absent is false. */
export function flagOf(node: Node, key: string): boolean {
  return node.attributes[key] === true;
}

/** A list attribute of a node. */
export function listOf(node: Node, key: string): readonly number[] {
  const value = node.attributes[key];
  if (!Array.isArray(value)) throw new TypeError(`${node.op}: attribute ${key}: expected a list, got ${String(value)}`);
  return value as readonly number[];
}

/** The n-th input of a node. */
export function inputOf(node: Node, index: number): Tensor {
  const tensor = node.inputs[index];
  if (!tensor) throw new RangeError(`${node.op}: it has no input ${String(index)}`);
  return tensor;
}

/** The n-th output of a node. */
export function outputOf(node: Node, index = 0): Tensor {
  const tensor = node.outputs[index];
  if (!tensor) throw new RangeError(`${node.op}: it has no output ${String(index)}`);
  return tensor;
}
