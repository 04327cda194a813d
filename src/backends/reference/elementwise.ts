/** f64 loops of elementwise ops. */
import type { BinaryKind, UnaryKind } from "../../graph/ops/elementwise.ts";
import { elementCount, inputOf, listOf, numberOf, outputOf, sizeOf, stringOf } from "../../graph/tensor.ts";
import { roundToF16 } from "../../half.ts";
import { defineReference } from "./ops.ts";

/** The logistic function. */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The error function, to f64 accuracy: 2x/√π · e^(−x²) · Σ (2x²)ⁿ / (1·3·…·(2n+1)), all terms positive.
 * Abramowitz & Stegun 7.1.6.
 */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return ((2 * x) / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** The standard normal distribution function Φ. */
const normalBelow = (x: number): number => (1 + erf(x * Math.SQRT1_2)) / 2;
const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** x·Φ(x). */
export const gelu = (x: number): number => x * normalBelow(x);
/** The derivative of x·Φ(x). */
export const geluDerivative = (x: number): number => normalBelow(x) + x * normalDensity(x);

/** The functions of one variable. */
export const unaryFunctions: Readonly<Record<UnaryKind, (x: number) => number>> = {
  relu: (x) => Math.max(x, 0),
  silu: (x) => x * sigmoid(x),
  gelu,
  quick_gelu: (x) => x * sigmoid(1.702 * x),
  sigmoid,
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  square: (x) => x * x,
  balanced_relu: (x) => Math.max(x, 0),
};

/** Their derivatives; relu's at 0 is 0, as in PyTorch. */
export const unaryDerivatives: Readonly<Record<UnaryKind, (x: number) => number>> = {
  relu: (x) => (x > 0 ? 1 : 0),
  silu: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
  gelu: geluDerivative,
  quick_gelu: (x) => sigmoid(1.702 * x) * (1 + 1.702 * x * (1 - sigmoid(1.702 * x))),
  sigmoid: (x) => sigmoid(x) * (1 - sigmoid(x)),
  tanh: (x) => 1 - Math.tanh(x) ** 2,
  exp: Math.exp,
  log: (x) => 1 / x,
  sqrt: (x) => 0.5 / Math.sqrt(x),
  rsqrt: (x) => -0.5 / (x * Math.sqrt(x)),
  square: (x) => 2 * x,
  balanced_relu: (x) => (x === 0 ? 0.5 : Number(x > 0)),
};

defineReference("unary", (node, [x]) => {
  const f = unaryFunctions[stringOf(node, "kind") as UnaryKind];
  return [Float64Array.from(x!, f)];
});

defineReference("unary_gradient", (node, [x, dy]) => {
  const derivative = unaryDerivatives[stringOf(node, "kind") as UnaryKind];
  return [Float64Array.from(x!, (value, i) => dy![i]! * derivative(value))];
});

defineReference("affine", (node, [x]) => {
  const [scale, offset] = [numberOf(node, "scale"), numberOf(node, "offset")];
  return [Float64Array.from(x!, (value) => scale * value + offset)];
});

const binary: Readonly<Record<BinaryKind, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

defineReference("binary", (node, [a, b]) => {
  const f = binary[stringOf(node, "kind") as BinaryKind];
  const [P, Q, C] = listOf(node, "sizes") as [number, number, number];
  const [sp, sq, sc] = listOf(node, "strides") as [number, number, number];
  const y = new Float64Array(P * Q * C);
  let i = 0;
  for (let p = 0; p < P; p++)
    for (let q = 0; q < Q; q++) for (let c = 0; c < C; c++, i++) y[i] = f(a![i]!, b![p * sp + q * sq + c * sc]!);
  return [y];
});

defineReference("combine", (_, [coefficients, ...terms]) => {
  const y = new Float64Array(terms[0]!.length);
  terms.forEach((term, k) => {
    for (let i = 0; i < y.length; i++) y[i]! += coefficients![k]! * term[i]!;
  });
  return [y];
});

defineReference("geglu", (node, [x]) => {
  const c = sizeOf(outputOf(node), -1);
  const y = new Float64Array(x!.length / 2);
  for (let i = 0; i < y.length; i++) {
    const at = i + Math.floor(i / c) * c;
    y[i] = x![at]! * gelu(x![at + c]!);
  }
  return [y];
});

defineReference("geglu_gradient", (node, [x, dy]) => {
  const c = sizeOf(inputOf(node, 1), -1);
  const dx = new Float64Array(elementCount(inputOf(node, 0).shape));
  for (let i = 0; i < dy!.length; i++) {
    const at = i + Math.floor(i / c) * c;
    dx[at] = dy![i]! * gelu(x![at + c]!);
    dx[at + c] = dy![i]! * x![at]! * geluDerivative(x![at + c]!);
  }
  return [dx];
});

// What a half-precision variable keeps of the values it was given.
defineReference("widen", (_, [x]) => [Float64Array.from(x!, roundToF16)]);
