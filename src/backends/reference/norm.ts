/** f64 loops of normalisation: x seen as [p, q, g, c], statistics over q and c. */
import type { NormActivation } from "../../graph/ops/norm.ts";
import { activationOf } from "../../graph/ops/norm.ts";
import type { Node } from "../../graph/tensor.ts";
import { flagOf, numberOf } from "../../graph/tensor.ts";
import type { Numbers } from "./ops.ts";
import { defineReference } from "./ops.ts";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const functions: Readonly<Record<NormActivation, (x: number) => number>> = {
  none: (x) => x,
  relu: (x) => Math.max(x, 0),
  silu: (x) => x * sigmoid(x),
};

const derivatives: Readonly<Record<NormActivation, (x: number) => number>> = {
  none: () => 1,
  relu: (x) => (x > 0 ? 1 : 0),
  silu: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
};

/** Calls `visit` for each element with its place, its statistics' place and its channel. */
function each(node: Node, visit: (at: number, group: number, channel: number) => void): void {
  const [P, Q, G, C] = ["p", "q", "g", "c"].map((key) => numberOf(node, key)) as [number, number, number, number];
  let at = 0;
  for (let p = 0; p < P; p++)
    for (let q = 0; q < Q; q++)
      for (let g = 0; g < G; g++) for (let c = 0; c < C; c++) visit(at++, p * G + g, g * C + c);
}

/** The number of (p, g) pairs. */
const groupsOf = (node: Node): number => numberOf(node, "p") * numberOf(node, "g");

/** The number of elements behind each statistic. */
const countOf = (node: Node): number => numberOf(node, "q") * numberOf(node, "c");

defineReference("norm_statistics", (node, [x]) => {
  const [groups, count, epsilon] = [groupsOf(node), countOf(node), numberOf(node, "epsilon")];
  const mean = new Float64Array(groups);
  const variance = new Float64Array(groups);
  each(node, (at, group) => (mean[group]! += x![at]! / count));
  each(node, (at, group) => (variance[group]! += (x![at]! - mean[group]!) ** 2 / count));
  return [pairs(mean, (group) => 1 / Math.sqrt(variance[group]! + epsilon))];
});

defineReference("norm_statistics_of", (node, [mean, variance]) => {
  const epsilon = numberOf(node, "epsilon");
  return [pairs(mean!, (group) => 1 / Math.sqrt(variance![group]! + epsilon))];
});

/** [groups, 2] of (first[i], second(i)). */
function pairs(first: Numbers, second: (index: number) => number): Float64Array {
  return Float64Array.from({ length: 2 * first.length }, (_, i) => (i % 2 === 0 ? first[i / 2]! : second((i - 1) / 2)));
}

// variance = (1/rstd² − ε) · count/(count − 1)
defineReference("norm_moments", (node, [statistics]) => {
  const count = numberOf(node, "count");
  const epsilon = numberOf(node, "epsilon");
  const channels = statistics!.length / 2;
  const unbias = count / Math.max(count - 1, 1);
  return [
    Float64Array.from({ length: channels }, (_, c) => statistics![2 * c]!),
    Float64Array.from({ length: channels }, (_, c) => (statistics![2 * c + 1]! ** -2 - epsilon) * unbias),
  ];
});

defineReference("norm", (node, [x, statistics, weight, bias]) => {
  const f = functions[activationOf(node)];
  const y = new Float64Array(x!.length);
  each(node, (at, group, channel) => {
    const normal = (x![at]! - statistics![2 * group]!) * statistics![2 * group + 1]!;
    y[at] = f(normal * weight![channel]! + bias![channel]!);
  });
  return [y];
});

/** Calls `visit` with each element's e = dy·act'(y) and x̂. */
function eachGradient(
  node: Node,
  [x, statistics, weight, bias, dy]: readonly Numbers[],
  visit: (e: number, normal: number, at: number, group: number, channel: number) => void,
): void {
  const derivative = derivatives[activationOf(node)];
  each(node, (at, group, channel) => {
    const normal = (x![at]! - statistics![2 * group]!) * statistics![2 * group + 1]!;
    visit(dy![at]! * derivative(normal * weight![channel]! + bias![channel]!), normal, at, group, channel);
  });
}

defineReference("norm_gradient_sums", (node, inputs) => {
  const [P, G, C] = [numberOf(node, "p"), numberOf(node, "g"), numberOf(node, "c")];
  const sums = new Float64Array(P * 2 * G * C);
  eachGradient(node, inputs, (e, normal, _, group, channel) => {
    const row = Math.floor(group / G) * 2 * G * C;
    sums[row + channel]! += e;
    sums[row + G * C + channel]! += e * normal;
  });
  return [sums];
});

defineReference("norm_means_of_sums", (node, [sums, weight]) => {
  const [P, G, C] = [numberOf(node, "p"), numberOf(node, "g"), numberOf(node, "c")];
  const means = new Float64Array(2 * P * G);
  for (let p = 0; p < P; p++)
    for (let part = 0; part < 2; part++)
      for (let channel = 0; channel < G * C; channel++) {
        const group = p * G + Math.floor(channel / C);
        means[2 * group + part]! += (weight![channel]! * sums![(2 * p + part) * G * C + channel]!) / countOf(node);
      }
  return [means];
});

defineReference("norm_parameters_of_sums", (node, [sums]) => {
  const channels = numberOf(node, "g") * numberOf(node, "c");
  const dweight = new Float64Array(channels);
  const dbias = new Float64Array(channels);
  for (let p = 0; p < numberOf(node, "p"); p++)
    for (let channel = 0; channel < channels; channel++) {
      dbias[channel]! += sums![2 * p * channels + channel]!;
      dweight[channel]! += sums![(2 * p + 1) * channels + channel]!;
    }
  return [dweight, dbias];
});

defineReference("norm_gradient_means", (node, inputs) => {
  const means = new Float64Array(2 * groupsOf(node));
  const weight = inputs[2]!;
  eachGradient(node, inputs, (e, normal, _, group, channel) => {
    means[2 * group]! += (e * weight[channel]!) / countOf(node);
    means[2 * group + 1]! += (e * weight[channel]! * normal) / countOf(node);
  });
  return [means];
});

defineReference("norm_parameter_gradient", (node, inputs) => {
  const dweight = new Float64Array(inputs[2]!.length);
  const dbias = new Float64Array(inputs[3]!.length);
  eachGradient(node, inputs, (e, normal, _at, _group, channel) => {
    dweight[channel]! += e * normal;
    dbias[channel]! += e;
  });
  return [dweight, dbias];
});

defineReference("norm_input_gradient", (node, inputs) => {
  const [x, statistics, weight, , , means] = inputs;
  const fixed = flagOf(node, "fixed");
  const dx = new Float64Array(x!.length);
  eachGradient(node, inputs, (e, normal, at, group, channel) => {
    const dnormal = e * weight![channel]!;
    const centred = fixed ? dnormal : dnormal - means![2 * group]! - normal * means![2 * group + 1]!;
    dx[at] = statistics![2 * group + 1]! * centred;
  });
  return [dx];
});
