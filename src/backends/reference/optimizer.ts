/** f64 loops of optimizer steps; they write into their inputs. */
import { numberOf } from "../../graph/tensor.ts";
import type { Numbers } from "./ops.ts";
import { defineReference } from "./ops.ts";

defineReference("sgd", (node, inputs) => {
  const [w, dw, v, rate, scale] = inputs as [Numbers, Numbers, Numbers, Numbers, Numbers];
  const [momentum, decay] = [numberOf(node, "momentum"), numberOf(node, "weightDecay")];
  for (let i = 0; i < w.length; i++) {
    v[i] = momentum * v[i]! + (scale[0]! * dw[i]! + decay * w[i]!);
    w[i]! -= rate[0]! * v[i]!;
  }
  return [];
});

defineReference("adamw", (node, inputs) => {
  const [w, dw, first, second] = inputs as [Numbers, Numbers, Numbers, Numbers];
  const [rate, step, scale] = inputs.slice(4).map(([value]) => value!) as [number, number, number];
  const [beta1, beta2] = [numberOf(node, "beta1"), numberOf(node, "beta2")];
  const [epsilon, decay] = [numberOf(node, "epsilon"), numberOf(node, "weightDecay")];
  for (let i = 0; i < w.length; i++) {
    const g = scale * dw[i]!;
    first[i] = beta1 * first[i]! + (1 - beta1) * g;
    second[i] = beta2 * second[i]! + (1 - beta2) * g * g;
    const mean = first[i]! / (1 - beta1 ** step);
    const square = second[i]! / (1 - beta2 ** step);
    w[i] = w[i]! * (1 - rate * decay) - (rate * mean) / (Math.sqrt(square) + epsilon);
  }
  return [];
});

defineReference("ema", (node, inputs) => {
  const [average, value] = inputs as [Numbers, Numbers];
  const decay = numberOf(node, "decay");
  for (let i = 0; i < average.length; i++) average[i] = decay * average[i]! + (1 - decay) * value[i]!;
  return [];
});

defineReference("assign", (_, inputs) => {
  const [target, value] = inputs as [Numbers, Numbers];
  target.set(value);
  return [];
});

defineReference("clip_factor", (node, [total]) => {
  const norm = Math.sqrt(total![0]!);
  return [Float64Array.of(Math.min(1, numberOf(node, "limit") / (norm + 1e-6))), Float64Array.of(norm)];
});
