/** What every backend takes as values of variables and inputs. */
import { MissingError, ShapeError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import type { Tensor } from "../graph/tensor.ts";
import { elementCount } from "../graph/tensor.ts";
import type { Values, VariableSpec } from "./backend.ts";

/** @throws ShapeError when values have another element type or count than their place */
export function checkValues(where: string, { shape, dtype }: VariableSpec, values: Values): void {
  const wanted = dtype === "u32" ? Uint32Array : Float32Array;
  if (!(values instanceof wanted)) {
    const actual: unknown = (values as Values | undefined)?.constructor.name;
    throw new ShapeError(`${where}: element type`, `${dtype} in a ${wanted.name}`, String(actual));
  }
  if (values.length !== elementCount(shape)) throw new ShapeError(`${where}: values`, shape, [values.length]);
}

/**
 * A run's inputs with copies of their values, so that a run that waits for its turn does not see what the caller writes into
 * them meanwhile.
 *
 * @throws MissingError for an input that the graph lacks, ShapeError for other values than it takes
 */
export function takeInputs(
  graph: Graph,
  inputs: Readonly<Record<string, Values | number>>,
): ReadonlyMap<Tensor, Values> {
  const taken = Object.entries(inputs).map(([name, value]): [Tensor, Values] => {
    const tensor = graph.inputs.get(name);
    if (!tensor) throw new MissingError("program", `input ${name}`, `it has ${[...graph.inputs.keys()].join(", ")}`);
    if (typeof value !== "number") {
      checkValues(`input ${name}`, tensor, value);
      return [tensor, value.slice()];
    }
    const isIndex = Number.isInteger(value) && value >= 0 && value < 2 ** 32;
    if (tensor.dtype === "u32" && !isIndex)
      throw new ShapeError(`input ${name}`, "a whole number of 0 to 4294967295", String(value));
    const values = tensor.dtype === "u32" ? Uint32Array.of(value) : Float32Array.of(value);
    checkValues(`input ${name}`, tensor, values);
    return [tensor, values];
  });
  return new Map(taken);
}
