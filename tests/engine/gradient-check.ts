/** Holds the graph's gradients against central differences, both in f64. */
import { expect } from "vitest";
import type { Values } from "../../src/backends/backend.ts";
import type { Numbers } from "../../src/backends/reference/ops.ts";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { gradients } from "../../src/graph/autodiff.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { defineOp } from "../../src/graph/op.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { elementCount } from "../../src/graph/tensor.ts";
import { normalValues } from "./agree.ts";

/** How `expectGradients` goes about it. */
export interface GradientOptions {
  /** Inputs' values; the others are normal numbers. */
  readonly inputs?: Readonly<Record<string, Values>>;
  /** Names of the inputs to differentiate by; all f32 inputs when absent. */
  readonly wrt?: readonly string[];
  /** Largest difference relative to the largest gradient; the differences' own error is about step². */
  readonly tolerance?: number;
  /** At most this many elements of each input are perturbed, spread evenly. */
  readonly samples?: number;
}

/** A power of two, so that perturbed inputs are exact in f32. */
const step = 2 ** -10;

/**
 * Expects d(Σ weights·y)/d(input), with fixed random weights, to equal central differences.
 * @param build makes y from the graph's inputs
 */
export async function expectGradients(
  build: (g: Graph) => Tensor,
  { inputs = {}, wrt, tolerance = 1e-5, samples = 24 }: GradientOptions = {},
): Promise<void> {
  const backend = new ReferenceBackend();
  const forward = trace((g) => ({ y: build(g) }));
  const names = wrt ?? [...forward.inputs].filter(([, tensor]) => tensor.dtype === "f32").map(([name]) => name);
  const values: Record<string, Values> = {};
  for (const [name, tensor] of forward.inputs)
    values[name] = inputs[name] ?? normalValues(name, elementCount(tensor.shape)).map(toGrid);
  const weights = normalValues("weights of the loss", elementCount(forward.outputs.get("y")!.shape)).map(toGrid);

  const program = await backend.compile(forward, backend.variables());
  const loss = async (changed: Record<string, Values>): Promise<number> => {
    await program.run(changed);
    return dot(program.readExact("y"), weights);
  };
  const analytic = await gradientsOf(build, names, values, weights);
  for (const name of names) {
    const count = values[name]!.length;
    const gradient = analytic.get(name)!;
    let scale = 1e-3;
    for (const value of gradient) scale = Math.max(scale, Math.abs(value));
    for (let sample = 0; sample < Math.min(samples, count); sample++) {
      const at = Math.floor((sample * count) / Math.min(samples, count));
      const up = values[name]!.slice();
      const down = values[name]!.slice();
      up[at]! += step;
      down[at]! -= step;
      const numeric =
        ((await loss({ ...values, [name]: up })) - (await loss({ ...values, [name]: down }))) / (2 * step);
      const error = Math.abs(gradient[at]! - numeric) / scale;
      expect(error, `d/d${name}[${String(at)}]: ${String(gradient[at])} against ${String(numeric)}`).toBeLessThan(
        tolerance,
      );
    }
  }
}

/** Multiples of 2⁻¹²: adding and subtracting the step is exact. */
const toGrid = (value: number): number => Math.round(value * 4096) / 4096;

const dot = (a: Numbers, b: Float32Array): number => b.reduce((sum, value, index) => sum + value * a[index]!, 0);

async function gradientsOf(
  build: (g: Graph) => Tensor,
  names: readonly string[],
  values: Record<string, Values>,
  weights: Float32Array,
): Promise<Map<string, Numbers>> {
  const backend = new ReferenceBackend();
  const graph = trace((g) => gradientOutputs(g, build(g), names, weights));
  const program = await backend.compile(graph, backend.variables());
  await program.run(values);
  return new Map(names.map((name) => [name, program.readExact(`d${name}`)]));
}

// The loss Σ weights·y is only differentiated, never computed: dy = weights.
defineOp({ name: "weighted_loss", gradient: (node) => [node.inputs[1]] });

/**
 * Gradients of Σ weights·y by inputs, to be outputs of the graph: `d<name>` each.
 * @param weights one an element of y; normal numbers when absent
 */
export function gradientOutputs(
  g: Graph,
  y: Tensor,
  names: readonly string[],
  weights: Float32Array = normalValues("weights of the loss", elementCount(y.shape)).map(toGrid),
): Record<string, Tensor> {
  const loss = g.node("weighted_loss", [y, g.constant(weights, y.shape)], [{ shape: [1] }])[0]!;
  const found = gradients(
    loss,
    names.map((name) => g.inputs.get(name)!),
  );
  return Object.fromEntries(found.map((dx, index) => [`d${names[index]!}`, dx]));
}
