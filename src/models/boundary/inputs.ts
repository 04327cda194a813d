/** A model's inputs from a file with PyTorch's layouts. */
import { FormatError, MissingError, ShapeError } from "../../errors.ts";
import type { Values } from "../../backends/backend.ts";
import type { Graph } from "../../graph/graph.ts";
import type { DType, Shape, Tensor } from "../../graph/tensor.ts";
import { toInt32 } from "../../weights/dtypes.ts";
import { nchwToNhwc } from "../../weights/layouts.ts";
import type { Safetensors, TensorEntry } from "../../weights/safetensors.ts";

/** An input, already in the engine's layout. */
export interface BoundInput {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: Values;
}

/** The tensor of an input in a graph. */
export const inputTensor = (g: Graph, { name, shape, dtype }: BoundInput): Tensor => g.input(name, shape, dtype);

const where = (file: Safetensors, name: string): string => `inputs ${file.name}: ${name}`;

function entryOf(file: Safetensors, name: string): TensorEntry {
  const entry = file.entries.get(name);
  if (!entry) throw new MissingError(`inputs ${file.name}`, name);
  return entry;
}

/**
 * Reads images [n, c, h, w] as [n, h, w, c].
 * @throws MissingError, ShapeError
 */
export async function readImages(file: Safetensors, name: string): Promise<BoundInput> {
  const { shape } = entryOf(file, name);
  if (shape.length !== 4) throw new ShapeError(where(file, name), "[n, c, h, w]", shape);
  const [n, c, h, w] = shape as [number, number, number, number];
  const values = nchwToNhwc(await file.readFloat32(name), [n, c, h, w]);
  return { name, shape: [n, h, w, c], dtype: "f32", values };
}

/**
 * Reads numbers in their own layout.
 * @throws MissingError, ShapeError when there are not `axes` axes
 */
export async function readNumbers(file: Safetensors, name: string, axes: number): Promise<BoundInput> {
  const { shape } = entryOf(file, name);
  if (shape.length !== axes) throw new ShapeError(where(file, name), `${String(axes)} axes`, shape);
  return { name, shape, dtype: "f32", values: await file.readFloat32(name) };
}

/**
 * Reads whole numbers in [0, limit).
 * @throws MissingError, ShapeError, FormatError
 */
export async function readIndices(file: Safetensors, name: string, axes: number, limit: number): Promise<BoundInput> {
  const { shape } = entryOf(file, name);
  if (shape.length !== axes) throw new ShapeError(where(file, name), `${String(axes)} axes`, shape);
  return { name, shape, dtype: "u32", values: await indices(file, name, limit) };
}

/**
 * Reads the timesteps of n images; one stands for all.
 * @throws MissingError, ShapeError, FormatError
 */
export async function readTimesteps(file: Safetensors, name: string, n: number, limit: number): Promise<BoundInput> {
  const { shape } = entryOf(file, name);
  const values = await indices(file, name, limit);
  if (shape.length > 1 || (values.length !== 1 && values.length !== n))
    throw new ShapeError(where(file, name), [n], shape);
  return { name, shape: [n], dtype: "u32", values: values.length === n ? values : new Uint32Array(n).fill(values[0]!) };
}

async function indices(file: Safetensors, name: string, limit: number): Promise<Uint32Array> {
  const numbers = toInt32(await file.read(name), entryOf(file, name).dtype);
  const wrong = numbers.find((value) => value < 0 || value >= limit);
  if (wrong !== undefined)
    throw new FormatError(where(file, name), `whole numbers below ${String(limit)}`, String(wrong));
  return Uint32Array.from(numbers);
}
