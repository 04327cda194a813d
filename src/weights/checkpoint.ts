/** Models' weights to and from checkpoints, tensor by tensor, between the engine's layouts and PyTorch's. */
import { MissingError, ShapeError } from "../errors.ts";
import type { Values, Variables } from "../backends/backend.ts";
import type { Shape } from "../graph/tensor.ts";
import { elementCount, sameShape } from "../graph/tensor.ts";
import type { Parameter, Parameters } from "../nn/parameters.ts";
import { fromFloat32 } from "./dtypes.ts";
import { convFromTorch, convToTorch, transposeMatrix } from "./layouts.ts";
import type { Safetensors } from "./safetensors.ts";
import type { DeferredTensor } from "./safetensors-writer.ts";
import { streamSafetensors } from "./safetensors-writer.ts";

type FourSizes = readonly [number, number, number, number];
type TwoSizes = readonly [number, number];

/** A weight's shape in the checkpoint. */
export function torchShape({ layout, shape }: Pick<Parameter, "layout" | "shape">): Shape {
  switch (layout) {
    case "conv": {
      const [kh, kw, ci, co] = shape as FourSizes;
      return [co, ci, kh, kw];
    }
    case "linear":
      return [...shape].reverse();
    case "scalar":
      return [];
    case "table":
    case "plain":
      return shape;
  }
}

/** A weight's values from PyTorch's layout to the engine's. @throws ShapeError */
export function fromTorch(parameter: Pick<Parameter, "layout" | "shape">, values: Float32Array): Float32Array {
  const shape = torchShape(parameter);
  if (parameter.layout === "conv") return convFromTorch(values, shape as FourSizes);
  if (parameter.layout === "linear") return transposeMatrix(values, shape as TwoSizes);
  return values;
}

/** A weight's values, or its gradient's, from the engine's layout to PyTorch's. @throws ShapeError */
export function toTorch(parameter: Pick<Parameter, "layout" | "shape">, values: Float32Array): Float32Array {
  if (parameter.layout === "conv") return convToTorch(values, parameter.shape as FourSizes);
  if (parameter.layout === "linear") return transposeMatrix(values, parameter.shape as TwoSizes);
  return values;
}

/** How a checkpoint is read. */
export interface LoadOptions {
  /** Another name that files use for a weight. */
  readonly alias?: (checkpointName: string) => string | undefined;
}

/**
 * Reads every weight of a model from a file into variables, one tensor in memory at a time.
 *
 * @returns the file's tensors that no weight asked for
 * @throws MissingError listing weights that the file lacks
 * @throws ShapeError when a tensor has another shape than the model needs
 */
export async function loadParameters(
  parameters: Parameters,
  variables: Variables,
  file: Safetensors,
  options: LoadOptions = {},
): Promise<string[]> {
  const { names, unused } = checkParameters(parameters, file, options);
  for (const [parameter, name] of names) {
    const values = fromTorch(parameter, await file.readFloat32(name));
    variables.set(parameter.name, { shape: parameter.shape, dtype: parameter.dtype }, values);
  }
  return unused;
}

/**
 * Holds a file's header against what a model asks for; no tensor is read.
 *
 * @returns the name in the file of every weight, and the file's tensors that no weight asks for
 * @throws MissingError listing weights that the file lacks
 * @throws ShapeError when a tensor has another shape than the model needs
 */
export function checkParameters(
  parameters: Parameters,
  file: Safetensors,
  { alias }: LoadOptions = {},
): { readonly names: ReadonlyMap<Parameter, string>; readonly unused: string[] } {
  const nameIn = ({ checkpointName }: Parameter): string | undefined =>
    [checkpointName, alias?.(checkpointName)].find((name) => name !== undefined && file.entries.has(name));
  const list = parameters.list();
  const missing = list.filter((parameter) => nameIn(parameter) === undefined);
  if (missing.length > 0) throw new MissingError(`checkpoint ${file.name}`, missingText(missing));
  const names = new Map(list.map((parameter) => [parameter, nameIn(parameter)!]));
  for (const [parameter, name] of names) checkShape(parameter, name, file);
  const asked = new Set(names.values());
  return { names, unused: [...file.entries.keys()].filter((name) => !asked.has(name)) };
}

const SHOWN = 5;

function missingText(missing: readonly Parameter[]): string {
  const shown = missing.slice(0, SHOWN).map(({ checkpointName }) => checkpointName);
  const more = missing.length > SHOWN ? ` and ${String(missing.length - SHOWN)} more` : "";
  return `${shown.join(", ")}${more}`;
}

function checkShape(parameter: Parameter, name: string, file: Safetensors): void {
  const expected = torchShape(parameter);
  const { shape } = file.entries.get(name)!;
  // A linear layer may have been saved as a 1×1 convolution.
  const isPointwise = parameter.layout === "linear" && shape.length === 4 && sameShape(shape, [...expected, 1, 1]);
  const isOne = parameter.layout === "scalar" && elementCount(shape) === 1;
  if (!sameShape(shape, expected) && !isPointwise && !isOne)
    throw new ShapeError(`checkpoint ${file.name}: ${name}`, expected, shape);
}

/** How a checkpoint is written. */
export interface SaveOptions {
  /** Of the trained weights; running statistics are always F32. */
  readonly dtype: "F32" | "F16";
  readonly metadata?: ReadonlyMap<string, string>;
}

/**
 * A model's weights as a safetensors file in pieces, one tensor a piece, under their checkpoint names.
 *
 * @throws MissingError when a weight is not among the variables
 */
export async function* saveParameters(
  parameters: Parameters,
  variables: Pick<Variables, "get">,
  { dtype, metadata }: SaveOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const tensors = new Map<string, DeferredTensor>();
  for (const parameter of parameters.list()) {
    const stored = parameter.trainable ? dtype : "F32";
    const bytes = async (): Promise<Uint8Array> =>
      fromFloat32(toTorch(parameter, floats(await variables.get(parameter.name))), stored);
    tensors.set(parameter.checkpointName, { dtype: stored, shape: torchShape(parameter), bytes });
  }
  yield* streamSafetensors(tensors, metadata);
}

const floats = (values: Values): Float32Array => (values instanceof Float32Array ? values : Float32Array.from(values));

/** A stream's pieces as one array. */
export async function joinPieces(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
