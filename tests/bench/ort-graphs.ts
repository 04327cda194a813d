/** The bench's problems as ONNX graphs; weights are part of the model, as exporters write them. */
import type { Initializer, OnnxGraph, OnnxNode } from "./onnx-model.ts";
import type { AttentionProblem, ConvolutionProblem, NormProblem, Problem, ProductProblem } from "./problems.ts";
import { EPSILON, inputShapes } from "./problems.ts";
import { channelsFirst, channelsLast, normalValues, outputsFirst } from "./values.ts";

/** A graph, the values of its inputs, and how its output comes back to the engine's layout. */
export interface OrtProblem {
  readonly graph: OnnxGraph;
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly fromOutput: (values: Float32Array) => Float32Array;
}

/** A problem for onnxruntime, or null: it has no gradients. */
export const ortProblem = (problem: Problem): OrtProblem | null => {
  switch (problem.kind) {
    case "product":
      return product(problem);
    case "convolution":
      return problem.pass === "forward" ? convolution(problem) : null;
    case "attention":
      return attention(problem);
    case "norm":
      return norm(problem);
    case "step":
      return null;
  }
};

const product = (problem: ProductProblem): OrtProblem => {
  const shapes = inputShapes(problem);
  return {
    graph: {
      inputs: { a: shapes["a"]! },
      outputs: { y: shapes["a"]! },
      initializers: [{ name: "b", shape: shapes["b"]!, values: normalValues("b", shapes["b"]!) }],
      nodes: [{ type: "MatMul", inputs: ["a", "b"], output: "y" }],
    },
    inputs: { a: normalValues("a", shapes["a"]!) },
    fromOutput: (values) => values,
  };
};

const convolution = (problem: ConvolutionProblem): OrtProblem => {
  const { side, channels } = problem;
  const { x, weight } = inputShapes(problem) as { x: number[]; weight: number[] };
  const image = [1, channels, side, side];
  const values = outputsFirst(normalValues("weight", weight), weight);
  return {
    graph: {
      inputs: { x: image },
      outputs: { y: image },
      initializers: [{ name: "weight", shape: [channels, channels, 3, 3], values }],
      nodes: [
        { type: "Conv", inputs: ["x", "weight"], output: "y", integers: { pads: [1, 1, 1, 1], kernel_shape: [3, 3] } },
      ],
    },
    inputs: { x: channelsFirst(normalValues("x", x), x) },
    fromOutput: (result) => channelsLast(result, image),
  };
};

/** Composed: `MultiHeadAttention` of the 1.30 runtime gives wrong values for this shape on Chromium's software adapter. */
const attention = (problem: AttentionProblem): OrtProblem => {
  const { tokens, heads, headSize } = problem;
  const { q: shape } = inputShapes(problem) as { q: number[] };
  const names = ["q", "k", "v"];
  const list = (name: string, sizes: readonly number[]): Initializer => ({
    name,
    shape: [sizes.length],
    values: sizes.map(BigInt),
  });
  const split = (name: string, perm: readonly number[]): OnnxNode[] => [
    { type: "Reshape", inputs: [name, "split"], output: `${name}.split` },
    { type: "Transpose", inputs: [`${name}.split`], output: `${name}.heads`, integers: { perm } },
  ];
  return {
    graph: {
      inputs: Object.fromEntries(names.map((name) => [name, shape])),
      outputs: { y: shape },
      initializers: [
        list("split", [1, tokens, heads, headSize]),
        list("joined", shape),
        { name: "scale", shape: [1], values: Float32Array.of(1 / Math.sqrt(headSize)) },
      ],
      nodes: [
        ...split("q", [0, 2, 1, 3]),
        ...split("k", [0, 2, 3, 1]),
        ...split("v", [0, 2, 1, 3]),
        { type: "Mul", inputs: ["q.heads", "scale"], output: "q.scaled" },
        { type: "MatMul", inputs: ["q.scaled", "k.heads"], output: "scores" },
        { type: "Softmax", inputs: ["scores"], output: "probabilities", integers: { axis: 3 } },
        { type: "MatMul", inputs: ["probabilities", "v.heads"], output: "y.heads" },
        { type: "Transpose", inputs: ["y.heads"], output: "y.rows", integers: { perm: [0, 2, 1, 3] } },
        { type: "Reshape", inputs: ["y.rows", "joined"], output: "y" },
      ],
    },
    inputs: Object.fromEntries(names.map((name) => [name, normalValues(name, shape)])),
    fromOutput: (values) => values,
  };
};

/** As PyTorch's exporter writes a group norm: an instance norm over groups, then scale, shift and SiLU. */
const norm = (problem: NormProblem): OrtProblem => {
  const { images, side, channels, groups } = problem;
  const { x } = inputShapes(problem) as { x: number[] };
  const image = [images, channels, side, side];
  const rows = [BigInt(images), BigInt(groups), -1n];
  const row = (
    name: string,
    count: number,
    value?: number,
  ): { name: string; shape: number[]; values: Float32Array } => ({
    name,
    shape: [count],
    values: value === undefined ? normalValues(name, [count]) : new Float32Array(count).fill(value),
  });
  return {
    graph: {
      inputs: { x: image },
      outputs: { y: image },
      initializers: [
        { name: "rows", shape: [3], values: rows },
        { name: "image", shape: [4], values: image.map(BigInt) },
        row("ones", groups, 1),
        row("zeros", groups, 0),
        { ...row("weight", channels), shape: [1, channels, 1, 1] },
        { ...row("bias", channels), shape: [1, channels, 1, 1] },
      ],
      nodes: [
        { type: "Reshape", inputs: ["x", "rows"], output: "grouped" },
        {
          type: "InstanceNormalization",
          inputs: ["grouped", "ones", "zeros"],
          output: "normal",
          floats: { epsilon: EPSILON },
        },
        { type: "Reshape", inputs: ["normal", "image"], output: "restored" },
        { type: "Mul", inputs: ["restored", "weight"], output: "scaled" },
        { type: "Add", inputs: ["scaled", "bias"], output: "shifted" },
        { type: "Sigmoid", inputs: ["shifted"], output: "gate" },
        { type: "Mul", inputs: ["shifted", "gate"], output: "y" },
      ],
    },
    inputs: { x: channelsFirst(normalValues("x", x), x) },
    fromOutput: (values) => channelsLast(values, image),
  };
};
