/** A model's weights by their checkpoint names: declaring, listing, initialising and loading are one list. */
import { MissingError, ShapeError } from "../errors.ts";
import type { Variables } from "../backends/backend.ts";
import type { Graph, ParameterSpec } from "../graph/graph.ts";
import type { DType, Shape, Tensor } from "../graph/tensor.ts";
import { elementCount, sameShape } from "../graph/tensor.ts";
import type { Initialiser } from "./initialisers.ts";
import { initialValues } from "./initialisers.ts";

/**
 * How a weight lies in memory against PyTorch's checkpoint: `conv` [kh, kw, ci, co] for [co, ci, kh, kw], `linear` [in, out]
 * for [out, in]; `table` (rows to look up) and `plain` (vectors) are the same in both; `scalar` is [1] for [].
 */
export type Layout = "conv" | "linear" | "table" | "plain" | "scalar";

/** One weight of a model. */
export interface Parameter extends ParameterSpec {
  /** The variable's name: the model's prefix and the checkpoint's name. */
  readonly name: string;
  /** The name in the checkpoint, without the model's prefix. */
  readonly checkpointName: string;
  /** In the engine's layout. */
  readonly shape: Shape;
  readonly dtype: DType;
  readonly layout: Layout;
  readonly init: Initialiser;
  /** False for running statistics: no gradient, no optimizer step. */
  readonly trainable: boolean;
}

/** What a module says of a weight besides its name and shape. */
export interface ParameterOptions {
  readonly layout: Layout;
  readonly init: Initialiser;
  /** True when absent. */
  readonly trainable?: boolean;
}

/** How a model's weights are named and kept. */
export interface ParametersOptions {
  /** `f16` stores tables and the weights of linear layers and convolutions in half precision; vectors stay f32. */
  readonly dtype?: "f32" | "f16";
}

/** The weights that a model has asked for. Scopes share one list. */
export class Parameters {
  readonly #list: Map<string, Parameter>;

  /**
   * @param prefix goes before every name, such as `"unet."`, so that several models live in one `Variables`
   */
  constructor(
    readonly prefix = "",
    readonly options: ParametersOptions = {},
    private readonly scopeName = "",
    list?: Map<string, Parameter>,
  ) {
    this.#list = list ?? new Map<string, Parameter>();
  }

  /** The same weights seen from inside a module: names begin with `name` and a dot. */
  scope(name: string | number): Parameters {
    return new Parameters(this.prefix, this.options, `${this.scopeName}${String(name)}.`, this.#list);
  }

  /**
   * Asks for a weight.
   *
   * @param name in this scope, as the checkpoint has it: `"weight"`
   * @param shape in the engine's layout
   * @throws ShapeError when the name is already declared with another shape
   */
  declare(name: string, shape: Shape, { layout, init, trainable = true }: ParameterOptions): Parameter {
    const checkpointName = this.scopeName + name;
    const known = this.#list.get(checkpointName);
    if (known) {
      if (!sameShape(known.shape, shape)) throw new ShapeError(`parameter ${checkpointName}`, known.shape, shape);
      return known;
    }
    const dtype = layout === "plain" || layout === "scalar" ? "f32" : (this.options.dtype ?? "f32");
    const full = { name: this.prefix + checkpointName, checkpointName, shape, dtype, layout, init, trainable };
    this.#list.set(checkpointName, full);
    return full;
  }

  /** All weights in the order they were asked for, those of other scopes included. */
  list(): Parameter[] {
    return [...this.#list.values()];
  }

  /** The weights that training changes. */
  trainable(): Parameter[] {
    return this.list().filter((parameter) => parameter.trainable);
  }

  /** @param checkpointName its full name in the checkpoint @throws MissingError */
  get(checkpointName: string): Parameter {
    const found = this.#list.get(checkpointName);
    if (!found) throw new MissingError("parameters", checkpointName);
    return found;
  }

  /** The number of elements, running statistics left out. */
  count(): number {
    return this.trainable().reduce((sum, { shape }) => sum + elementCount(shape), 0);
  }

  /** The trainable weights as tensors of a graph, in the order of `trainable()`: what gradients are taken by. */
  tensors(g: Graph): Tensor[] {
    return this.trainable().map((parameter) => g.parameter(parameter));
  }
}

/**
 * Gives every weight its first value.
 *
 * @param seed the same seed gives the same weights on every machine
 * @param scale the factor of a weight's values
 */
export function initialise(
  parameters: Parameters,
  variables: Variables,
  seed: number,
  scale: (parameter: Parameter) => number = () => 1,
): void {
  for (const parameter of parameters.list()) {
    const { name, checkpointName, shape, dtype, init } = parameter;
    const factor = scale(parameter);
    const values = initialValues(init, checkpointName, shape, seed);
    variables.set(name, { shape, dtype }, factor === 1 ? values : values.map((value) => value * factor));
  }
}
