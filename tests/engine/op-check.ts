/** Checks one op in all ways at once: device against reference, forward and gradient, and gradients against differences. */
import type { Backend, Values } from "../../src/backends/backend.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { expectAgreement } from "./agree.ts";
import { expectGradients, gradientOutputs } from "./gradient-check.ts";

/**
 * Expects y and its gradients by every f32 input to agree with the reference, and those of the reference with differences.
 * @param tolerance of the device against f64
 */
export async function expectOp(
  device: Backend,
  build: (g: Graph) => Tensor,
  { inputs = {}, tolerance = 2e-5 }: { inputs?: Record<string, Values>; tolerance?: number } = {},
): Promise<void> {
  const outputs = (g: Graph): Record<string, Tensor> => {
    const y = build(g);
    const names = [...g.inputs].filter(([, tensor]) => tensor.dtype === "f32").map(([name]) => name);
    return { y, ...gradientOutputs(g, y, names) };
  };
  await expectAgreement(device, () => trace(outputs), { inputs, tolerance });
  await expectGradients(build, { inputs });
}

/** Numbers between `low` and `high`, for functions that are not defined everywhere. */
export function between(low: number, high: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => low + ((high - low) * ((i * 37) % count)) / count);
}
