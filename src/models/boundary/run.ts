/** One forward pass, and its gradients, of a checkpoint: PyTorch's layouts in and out. */
import { FormatError } from "../../errors.ts";
import type { Backend, Program, Values, Variables } from "../../backends/backend.ts";
import { gradients } from "../../graph/autodiff.ts";
import type { Graph } from "../../graph/graph.ts";
import { trace } from "../../graph/graph.ts";
import { add, mul } from "../../graph/ops/elementwise.ts";
import { sum } from "../../graph/ops/mean.ts";
import type { Shape, Tensor } from "../../graph/tensor.ts";
import { sameShape } from "../../graph/tensor.ts";
import { loadParameters, toTorch, torchShape } from "../../weights/checkpoint.ts";
import { fromFloat32 } from "../../weights/dtypes.ts";
import { nhwcToNchw } from "../../weights/layouts.ts";
import type { Safetensors } from "../../weights/safetensors.ts";
import type { TensorData } from "../../weights/safetensors-writer.ts";
import type { ConfigJson } from "../config-fields.ts";
import type { BoundInput } from "./inputs.ts";
import { inputTensor, readImages, readNumbers } from "./inputs.ts";
import type { BoundModel, BoundaryModel, ModelKind } from "./kinds.ts";
import { modelKinds } from "./kinds.ts";

/** What is run. */
export interface ForwardRequest {
  readonly kind: ModelKind;
  readonly config: ConfigJson;
  /** Names the config in errors. */
  readonly where: string;
  readonly weights: Safetensors;
  readonly inputs: Safetensors;
  /** Adds `grad.<name>` of Σ output · cotangent, or of the loss, for every input that is no index and every weight. */
  readonly withGradients: boolean;
}

/** Outputs, and gradients as `grad.<name>`, in PyTorch's layouts. */
export interface ForwardResult {
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** Tensors of the checkpoint that the model did not ask for. */
  readonly unused: readonly string[];
}

/**
 * Runs a checkpoint once.
 *
 * @throws ConfigError, MissingError, ShapeError, FormatError
 */
export async function runForward(backend: Backend, request: ForwardRequest): Promise<ForwardResult> {
  const { kind, config, where, weights, inputs, withGradients } = request;
  const model = modelKinds[kind]({ config, where, hasWeight: (name) => weights.entries.has(name) });
  const bound = await model.bind(inputs);
  const variables = backend.variables();
  try {
    const options = model.alias ? { alias: model.alias } : {};
    const unused = await loadParameters(model.parameters, variables, weights, options);
    const names = withGradients ? outputNames(bound) : [];
    const cotangents = names.includes("loss") ? [] : await readCotangents(inputs, names, bound);
    const graph = trace((g) => buildOutputs(g, model, bound, withGradients ? cotangents : undefined));
    const tensors = await runGraph(backend, variables, graph, [...bound.inputs, ...cotangents], model);
    return { tensors, unused };
  } finally {
    variables.dispose();
  }
}

/** The names of a model's outputs, from a graph that is thrown away. */
const outputNames = (bound: BoundModel): string[] => [...trace((g) => bound.forward(g)).outputs.keys()];

const cotangentName = (names: readonly string[], name: string): string =>
  names.length > 1 ? `cotangent.${name}` : "cotangent";

async function readCotangents(
  file: Safetensors,
  names: readonly string[],
  bound: BoundModel,
): Promise<readonly BoundInput[]> {
  const { outputs } = trace((g) => bound.forward(g));
  return Promise.all(
    names.map((name) => {
      const { shape } = outputs.get(name)!;
      const key = cotangentName(names, name);
      return shape.length === 4 ? readImages(file, key) : readNumbers(file, key, shape.length);
    }),
  );
}

function buildOutputs(
  g: Graph,
  model: BoundaryModel,
  bound: BoundModel,
  cotangents: readonly BoundInput[] | undefined,
): Record<string, Tensor> {
  const outputs = bound.forward(g);
  if (!cotangents) return outputs;
  const scalar = outputs["loss"] ?? weightedSum(g, outputs, cotangents);
  const differentiable = bound.inputs.filter(({ dtype }) => dtype === "f32");
  const named = [
    ...differentiable.map((input) => [input.name, inputTensor(g, input)] as const),
    ...model.parameters.trainable().map((parameter) => [parameter.checkpointName, g.parameter(parameter)] as const),
  ];
  const found = gradients(
    scalar,
    named.map(([, tensor]) => tensor),
  );
  return { ...outputs, ...Object.fromEntries(named.map(([name], index) => [`grad.${name}`, found[index]!])) };
}

/** Σ over outputs of output · cotangent. */
function weightedSum(g: Graph, outputs: Readonly<Record<string, Tensor>>, cotangents: readonly BoundInput[]): Tensor {
  const names = Object.keys(outputs);
  const terms = names.map((name, index) => {
    const cotangent = cotangents[index]!;
    const output = outputs[name]!;
    if (!sameShape(cotangent.shape, output.shape))
      throw new FormatError(
        `inputs: ${cotangent.name}`,
        `the shape of ${name}, [${output.shape.join(", ")}] with channels last`,
        `[${cotangent.shape.join(", ")}]`,
      );
    return sum(mul(output, inputTensor(g, cotangent)));
  });
  return terms.reduce(add);
}

async function runGraph(
  backend: Backend,
  variables: Variables,
  graph: Graph,
  inputs: readonly BoundInput[],
  model: BoundaryModel,
): Promise<Map<string, TensorData>> {
  const program = await backend.compile(graph, variables, { label: "forward" });
  try {
    await program.run(Object.fromEntries(inputs.map(({ name, values }) => [name, values])));
    const tensors = new Map<string, TensorData>();
    for (const [name, { shape }] of graph.outputs) {
      tensors.set(name, await readTorch(program, name, shape, model));
    }
    return tensors;
  } finally {
    program.dispose();
  }
}

async function readTorch(program: Program, name: string, shape: Shape, model: BoundaryModel): Promise<TensorData> {
  const values = floats(await program.read(name));
  const parameter = model.parameters.list().find(({ checkpointName }) => name === `grad.${checkpointName}`);
  if (parameter) return data(torchShape(parameter), toTorch(parameter, values));
  if (name === "loss") return data([], values);
  if (shape.length !== 4) return data(shape, values);
  const [n, h, w, c] = shape as [number, number, number, number];
  return data([n, c, h, w], nhwcToNchw(values, [n, h, w, c]));
}

const floats = (values: Values): Float32Array => (values instanceof Float32Array ? values : Float32Array.from(values));

const data = (shape: Shape, values: Float32Array): TensorData => ({
  dtype: "F32",
  shape,
  bytes: fromFloat32(values, "F32"),
});
