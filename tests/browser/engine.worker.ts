/** Ops and models held against the reference and against PyTorch, in a browser's worker. */
import type { Values } from "../../src/backends/backend.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import { conv2d } from "../../src/graph/ops/conv.ts";
import { affine, geglu, mul, silu } from "../../src/graph/ops/elementwise.ts";
import { gather } from "../../src/graph/ops/embedding.ts";
import { contrastiveLoss, crossEntropy, l2Normalise, sigmoidLoss } from "../../src/graph/ops/loss.ts";
import { linear, matmul } from "../../src/graph/ops/matmul.ts";
import { batchNormTraining, groupNorm, layerNorm } from "../../src/graph/ops/norm.ts";
import { adamW, ema, sgd } from "../../src/graph/ops/optimizer.ts";
import { averagePool2d, maxPool2d, upsampleNearest2d } from "../../src/graph/ops/pool.ts";
import { randomRows } from "../../src/graph/ops/random.ts";
import { sumTo } from "../../src/graph/ops/reduce.ts";
import { concat, pickRows, slice } from "../../src/graph/ops/shape.ts";
import { softmax, topK } from "../../src/graph/ops/softmax.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { expectAgreement } from "../engine/agree.ts";
import { gradientOutputs } from "../engine/gradient-check.ts";
import { checkModel, type Deviation } from "../models/check-model.ts";
import { browserBackend } from "./browser-backend.ts";

interface Case {
  readonly build: (g: Graph) => Tensor;
  readonly inputs?: Record<string, Values>;
}

const input = (g: Graph, name: string, ...shape: number[]): Tensor => g.input(name, shape);
const scaleAndShift = (g: Graph, c: number): [Tensor, Tensor] => [input(g, "weight", c), input(g, "bias", c)];
const attended = (g: Graph, t: number, s: number, width: number): [Tensor, Tensor, Tensor] => [
  input(g, "q", 2, t, width),
  input(g, "k", 2, s, width),
  input(g, "v", 2, s, width),
];
const epsilon = 1e-5;

/** Each is checked with its gradients by all f32 inputs. */
const differentiable: Readonly<Record<string, Case>> = {
  "matrix product": { build: (g) => matmul(input(g, "a", 37, 24), input(g, "b", 24, 20)) },
  "matrix product of transposed, in batches": {
    build: (g) => matmul(input(g, "a", 3, 16, 12), input(g, "b", 3, 20, 12), { transposeB: true }),
  },
  linear: { build: (g) => linear(input(g, "x", 2, 9, 16), input(g, "w", 16, 24), input(g, "b", 24)) },
  "3×3 convolution": { build: (g) => conv2d(input(g, "x", 2, 9, 9, 16), input(g, "w", 3, 3, 16, 8), { padding: 1 }) },
  "3×3 convolution with stride 2": {
    build: (g) => conv2d(input(g, "x", 2, 8, 8, 8), input(g, "w", 3, 3, 8, 12), { stride: 2, padding: 1 }),
  },
  "1×1 convolution": { build: (g) => conv2d(input(g, "x", 2, 5, 5, 12), input(g, "w", 1, 1, 12, 8)) },
  "convolution of three channels": {
    build: (g) => conv2d(input(g, "x", 2, 8, 8, 3), input(g, "w", 3, 3, 3, 8), { padding: 1 }),
  },
  "self-attention": { build: (g) => attention(...attended(g, 16, 16, 32), { heads: 2 }) },
  "causal attention of odd lengths": { build: (g) => attention(...attended(g, 9, 9, 24), { heads: 3, causal: true }) },
  "cross-attention to 77 tokens": { build: (g) => attention(...attended(g, 12, 77, 16), { heads: 2 }) },
  "group norm with silu": {
    build: (g) => groupNorm(input(g, "x", 2, 5, 4, 16), ...scaleAndShift(g, 16), 4, { epsilon, activation: "silu" }),
  },
  "layer norm": { build: (g) => layerNorm(input(g, "x", 2, 7, 20), ...scaleAndShift(g, 20), { epsilon }) },
  "batch norm with relu": {
    build: (g) =>
      batchNormTraining(input(g, "x", 3, 4, 5, 12), ...scaleAndShift(g, 12), { epsilon, activation: "relu" }).y,
  },
  "elementwise chain": {
    build: (g) => mul(silu(affine(input(g, "x", 6, 11), 0.7, 0.1)), input(g, "row", 11)),
  },
  geglu: { build: (g) => geglu(input(g, "x", 5, 24)) },
  softmax: { build: (g) => softmax(input(g, "x", 7, 33)) },
  "sum to a row": { build: (g) => sumTo(input(g, "x", 19, 13), [13]) },
  "concat and slice": { build: (g) => slice(concat([input(g, "a", 6, 5), input(g, "b", 6, 9)]), 3, 8) },
  "maximum pool": {
    build: (g) => maxPool2d(input(g, "x", 2, 8, 8, 6), { size: 3, stride: 2, padding: 1 }),
  },
  "average pool": { build: (g) => averagePool2d(input(g, "x", 2, 6, 6, 8), 2) },
  upsample: { build: (g) => upsampleNearest2d(input(g, "x", 2, 3, 4, 8)) },
  embedding: {
    build: (g) => gather(input(g, "table", 9, 12), g.input("ids", [2, 7], "u32")),
    inputs: { ids: Uint32Array.of(0, 8, 3, 3, 1, 0, 5, 5, 5, 2, 7, 8, 6, 3) },
  },
  "picked rows": {
    build: (g) => pickRows(input(g, "x", 3, 5, 8), g.input("rows", [3], "u32")),
    inputs: { rows: Uint32Array.of(4, 0, 2) },
  },
  "cross-entropy": {
    build: (g) => crossEntropy(input(g, "x", 9, 10), g.input("labels", [9], "u32")),
    inputs: { labels: Uint32Array.of(0, 9, 3, 3, 1, 0, 5, 2, 7) },
  },
  "contrastive loss": {
    build: (g) =>
      contrastiveLoss(
        l2Normalise(input(g, "a", 6, 8)),
        l2Normalise(input(g, "b", 6, 8)),
        input(g, "scale", 1),
        g.input("labels", [6], "u32"),
      ),
    inputs: { labels: Uint32Array.of(0, 1, 2, 3, 4, 5) },
  },
  "sigmoid loss": {
    build: (g) => sigmoidLoss(affine(input(g, "x", 6, 9), 50), input(g, "y", 6, 9)),
  },
};

const optimizerOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };

/** Each is checked as it is. */
const plain: Readonly<Record<string, () => Graph>> = {
  "normal numbers": () => trace((g) => ({ y: affine(randomRows("normal", g.input("seeds", [3, 4], "u32"), [40]), 1) })),
  "top k": () => trace((g) => ({ y: topK(input(g, "x", 4, 50), 5).values })),
  sgd: () =>
    trace((g) => {
      const [w, v] = ["w", "v"].map((name) => g.parameter({ name, shape: [70] }));
      sgd(w!, input(g, "dw", 70), v!, input(g, "rate", 1), input(g, "scale", 1), { momentum: 0.9, weightDecay: 1e-4 });
      ema(g.parameter({ name: "average", shape: [70] }), input(g, "value", 70), 0.99);
      return {};
    }),
  adamw: () =>
    trace((g) => {
      const [w, m, v] = ["w", "m", "v"].map((name) => g.parameter({ name, shape: [70] }));
      const settings = { rate: input(g, "rate", 1), step: input(g, "step", 1), scale: input(g, "scale", 1) };
      adamW(w!, input(g, "dw", 70), m!, v!, settings, optimizerOptions);
      return {};
    }),
};

const optimizerInputs = { rate: Float32Array.of(0.1), step: Float32Array.of(3), scale: Float32Array.of(0.5) };

/** The names of all op checks. */
export const opNames = (): string[] => [...Object.keys(differentiable), ...Object.keys(plain)];

/**
 * Holds ops against the f64 reference, forward and backward.
 * @param names which ones
 * @returns what went wrong, by name; empty when all agree
 */
export const checkOps = async (names: readonly string[] = opNames()): Promise<Record<string, string>> => {
  const backend = await browserBackend();
  const wrong: Record<string, string> = {};
  const attempt = async (name: string, check: () => Promise<void>): Promise<void> => {
    if (!names.includes(name)) return;
    try {
      await check();
    } catch (error) {
      wrong[name] = error instanceof Error ? error.message : String(error);
    }
  };
  for (const [name, { build, inputs }] of Object.entries(differentiable)) {
    const withGradients = (): Graph =>
      trace((g) => {
        const y = build(g);
        const wrt = [...g.inputs].filter(([, tensor]) => tensor.dtype === "f32").map(([key]) => key);
        return { y, ...gradientOutputs(g, y, wrt) };
      });
    await attempt(name, () => expectAgreement(backend, withGradients, inputs ? { inputs } : {}));
  }
  for (const [name, build] of Object.entries(plain)) {
    const positive = { v: Float32Array.from({ length: 70 }, (_, i) => 0.01 + i / 70) };
    const given: Record<string, Values> = { ...optimizerInputs, seeds: Uint32Array.from({ length: 12 }, (_, i) => i) };
    const used = new Set(build().inputs.keys());
    const inputs = Object.fromEntries(Object.entries(given).filter(([key]) => used.has(key)));
    await attempt(name, () => expectAgreement(backend, build, { inputs, parameters: positive }));
  }
  return wrong;
};

/** Holds a model's outputs and gradients against a fixture of PyTorch's. */
export const checkFixture = async (name: string, bytes: Uint8Array): Promise<Deviation[]> =>
  checkModel(await browserBackend(), name, bytes);

/** The backend's name: which adapter it runs on. */
export const backendName = async (): Promise<string> => (await browserBackend()).name;
