/** The bench's problems as graphs of the engine: they run on WebGPU, and on the f64 reference to check everybody. */
import { gradients } from "../../src/graph/autodiff.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import { conv2d } from "../../src/graph/ops/conv.ts";
import { add, geglu, relu, silu } from "../../src/graph/ops/elementwise.ts";
import { crossEntropy, meanSquaredError } from "../../src/graph/ops/loss.ts";
import { linear, matmul } from "../../src/graph/ops/matmul.ts";
import { spatialMean } from "../../src/graph/ops/mean.ts";
import { batchNormTraining, groupNorm, layerNorm } from "../../src/graph/ops/norm.ts";
import { sgd } from "../../src/graph/ops/optimizer.ts";
import { upsampleNearest2d } from "../../src/graph/ops/pool.ts";
import { concat, reshape } from "../../src/graph/ops/shape.ts";
import type { Shape, Tensor } from "../../src/graph/tensor.ts";
import type { Values } from "../../src/backends/backend.ts";
import type { Layers } from "./networks.ts";
import { networkInputs, optimizer, resnet, unet } from "./networks.ts";
import type { Problem, StepProblem } from "./problems.ts";
import { EPSILON, inputShapes } from "./problems.ts";
import { normalValues } from "./values.ts";
import type { WeightKind } from "./weights.ts";
import { batchOf, firstValues, labelOf } from "./weights.ts";

/** A graph with what it is run on. */
export interface ProblemGraph {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, Values>>;
  readonly parameters: ReadonlyMap<string, { readonly shape: Shape; readonly values: Float32Array }>;
  /** The output to read. */
  readonly output: "y" | "loss";
}

/** Builds a problem's graph. */
export const graphOf = (problem: Problem): ProblemGraph =>
  problem.kind === "step" ? stepGraph(problem) : opGraph(problem);

const opGraph = (problem: Exclude<Problem, StepProblem>): ProblemGraph => {
  const graph = trace((g) => {
    const given = Object.fromEntries(
      Object.entries(inputShapes(problem)).map(([name, shape]) => [name, g.input(name, shape)]),
    );
    return { y: opOf(problem, given) };
  });
  const inputs: Record<string, Values> = {};
  for (const [name, { shape }] of graph.inputs) inputs[name] = normalValues(name, shape);
  return { graph, inputs, parameters: new Map(), output: "y" };
};

const opOf = (problem: Exclude<Problem, StepProblem>, given: Record<string, Tensor>): Tensor => {
  switch (problem.kind) {
    case "product":
      return matmul(given["a"]!, given["b"]!);
    case "convolution": {
      const [x, weight, dy] = [given["x"]!, given["weight"]!, given["dy"]!];
      const attributes = { stride: 1, padding: [1, 1, 1, 1] };
      switch (problem.pass) {
        case "forward":
          return conv2d(x, weight, { padding: 1 });
        case "dx":
          return x.graph.node("conv2d_input_gradient", [dy, weight], [{ shape: x.shape }], attributes)[0]!;
        case "dw":
          return x.graph.node("conv2d_weight_gradient", [x, dy], [{ shape: weight.shape }], attributes)[0]!;
      }
    }

    case "attention":
      return attention(given["q"]!, given["k"]!, given["v"]!, { heads: problem.heads });
    case "norm":
      return groupNorm(given["x"]!, given["weight"]!, given["bias"]!, problem.groups, {
        epsilon: EPSILON,
        activation: "silu",
      });
  }
};

const stepGraph = (problem: StepProblem): ProblemGraph => {
  const parameters = new Map<string, { shape: Shape; values: Float32Array }>();
  const batch = batchOf(problem);
  const inputs: Record<string, Values> = { rate: Float32Array.of(optimizer.rate) };
  const graph = trace((g) => {
    const weights: Tensor[] = [];
    const layers = graphLayers((name, shape, kind) => {
      parameters.set(name, { shape, values: firstValues(name, shape, kind) });
      const weight = g.parameter({ name, shape });
      weights.push(weight);
      return weight;
    });
    const input = (name: string): Tensor => {
      const { shape, values } = batch.get(name)!;
      inputs[name] = values;
      return g.input(name, shape);
    };
    let loss: Tensor;
    if (problem.net === "resnet") {
      const [classes] = networkInputs.resnet.labels;
      inputs["classes"] = Uint32Array.from({ length: problem.batch }, (_, index) => labelOf(index, classes));
      loss = crossEntropy(resnet(layers, input("images")), g.input("classes", [problem.batch], "u32"));
    } else {
      const given = { latents: input("latents"), time: input("time"), context: input("context") };
      loss = meanSquaredError(unet(layers, given), input("noise"));
    }
    const rate = g.scalar("rate");
    const scale = g.filled(1, [1]);
    const dweights = gradients(loss, weights);
    weights.forEach((weight, index) => {
      const name = `velocity.${String(index)}`;
      parameters.set(name, { shape: weight.shape, values: normalValues(name, weight.shape, 0) });
      const velocity = g.parameter({ name, shape: weight.shape });
      sgd(weight, dweights[index]!, velocity, rate, scale, { momentum: optimizer.momentum, weightDecay: 0 });
    });
    return { loss };
  });
  return { graph, inputs, parameters, output: "loss" };
};

/** The layers as ops of a graph. */
const graphLayers = (declare: (name: string, shape: Shape, kind: WeightKind) => Tensor): Layers<Tensor> => {
  const affine = (name: string, channels: number): [Tensor, Tensor] => [
    declare(`${name}.scale`, [channels], "scale"),
    declare(`${name}.shift`, [channels], "shift"),
  ];
  return {
    conv: (x, name, { inputs, outputs, kernel, stride = 1 }) =>
      conv2d(x, declare(`${name}.weight`, [kernel, kernel, inputs, outputs], "conv"), {
        stride,
        padding: (kernel - 1) / 2,
      }),
    batchNorm: (x, name, channels, activation) =>
      batchNormTraining(x, ...affine(name, channels), { epsilon: EPSILON, activation }).y,
    groupNorm: (x, name, channels, groups, activation) =>
      groupNorm(x, ...affine(name, channels), groups, { epsilon: EPSILON, activation }),
    layerNorm: (x, name, channels) => layerNorm(x, ...affine(name, channels), { epsilon: EPSILON }),
    linear: (x, name, inputs, outputs) =>
      linear(x, declare(`${name}.weight`, [inputs, outputs], "linear"), declare(`${name}.bias`, [outputs], "shift")),
    relu,
    silu,
    geglu,
    add,
    addToChannels: (image, v) => add(image, reshape(v, [v.shape[0]!, 1, 1, v.shape[1]!])),
    spatialMean,
    tokens: (image) => {
      const [n, h, w, c] = image.shape as [number, number, number, number];
      return reshape(image, [n, h * w, c]);
    },
    image: (tokens, side, channels) => reshape(tokens, [tokens.shape[0]!, side, side, channels]),
    attention: (q, k, v, heads) => attention(q, k, v, { heads }),
    upsample: (image) => upsampleNearest2d(image),
    concat: (a, b) => concat([a, b]),
  };
};
