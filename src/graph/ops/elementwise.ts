/** Elementwise ops: y_i = f(x_i), f(a_i, b_i), with the second operand broadcast. */
import { ShapeError } from "../../errors.ts";
import { defineOp } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { inputOf, numberOf, sizeOf, stringOf } from "../tensor.ts";
import { broadcastOf } from "./broadcast.ts";
import { checkFinite, checkShape } from "./check.ts";
import { sumTo } from "./reduce.ts";

/** Functions of one variable. `quick_gelu` is x·sigmoid(1.702x), `gelu` uses erf, `balanced_relu` is a relu of slope ½ at 0. */
export const unaryKinds = [
  "relu",
  "silu",
  "gelu",
  "quick_gelu",
  "sigmoid",
  "tanh",
  "exp",
  "log",
  "sqrt",
  "rsqrt",
  "square",
  "balanced_relu",
] as const;
export type UnaryKind = (typeof unaryKinds)[number];

/** Functions of two variables. */
export const binaryKinds = ["add", "sub", "mul", "div"] as const;
export type BinaryKind = (typeof binaryKinds)[number];

function unary(kind: UnaryKind, x: Tensor): Tensor {
  return x.graph.node("unary", [x], [{ shape: x.shape }], { kind })[0]!;
}

defineOp({
  name: "unary",
  cheap: true,
  // dx = dy · f'(x)
  gradient: (node, [dy]) => [dy && unaryGradient(stringOf(node, "kind") as UnaryKind, inputOf(node, 0), dy)],
});

function unaryGradient(kind: UnaryKind, x: Tensor, dy: Tensor): Tensor {
  return x.graph.node("unary_gradient", [x, dy], [{ shape: x.shape }], { kind })[0]!;
}

defineOp({ name: "unary_gradient", cheap: true });

/** max(x, 0). @param x any shape */
export const relu = (x: Tensor): Tensor => unary("relu", x);
/** max(x, 0) with slope ½ at 0, the mean of both sides': sums of it may be smooth there. @param x any shape */
export const balancedRelu = (x: Tensor): Tensor => unary("balanced_relu", x);
/** x · sigmoid(x). @param x any shape */
export const silu = (x: Tensor): Tensor => unary("silu", x);
/** x · Φ(x), with erf. @param x any shape */
export const gelu = (x: Tensor): Tensor => unary("gelu", x);
/** x · sigmoid(1.702 x), CLIP's activation. @param x any shape */
export const quickGelu = (x: Tensor): Tensor => unary("quick_gelu", x);
/** 1 / (1 + exp(−x)). @param x any shape */
export const sigmoid = (x: Tensor): Tensor => unary("sigmoid", x);
/** The hyperbolic tangent. @param x any shape */
export const tanh = (x: Tensor): Tensor => unary("tanh", x);
/** e^x. @param x any shape */
export const exp = (x: Tensor): Tensor => unary("exp", x);
/** The natural logarithm. @param x any shape, > 0 */
export const log = (x: Tensor): Tensor => unary("log", x);
/** √x. @param x any shape, ≥ 0 */
export const sqrt = (x: Tensor): Tensor => unary("sqrt", x);
/** 1/√x. @param x any shape, > 0 */
export const rsqrt = (x: Tensor): Tensor => unary("rsqrt", x);
/** x². @param x any shape */
export const square = (x: Tensor): Tensor => unary("square", x);

/** scale·x + offset with constants. @param x any shape */
export function affine(x: Tensor, scale: number, offset = 0): Tensor {
  checkFinite("affine: scale", scale);
  checkFinite("affine: offset", offset);
  return x.graph.node("affine", [x], [{ shape: x.shape }], { scale, offset })[0]!;
}

defineOp({
  name: "affine",
  cheap: true,
  gradient: (node, [dy]) => [dy && affine(dy, numberOf(node, "scale"))],
});

function binary(kind: BinaryKind, a: Tensor, b: Tensor): Tensor {
  if (a === b) return itself(kind, a);
  const { sizes, strides } = broadcastOf(kind, a.shape, b.shape);
  return a.graph.node("binary", [a, b], [{ shape: a.shape }], { kind, sizes, strides })[0]!;
}

/** f(x, x): kernels cannot bind one tensor twice. */
function itself(kind: BinaryKind, x: Tensor): Tensor {
  switch (kind) {
    case "add":
      return affine(x, 2);
    case "mul":
      return square(x);
    case "sub":
      return x.graph.filled(0, x.shape);
    case "div":
      return x.graph.filled(1, x.shape);
  }
}

// Not cheap: a residual stream computed again would be computed from its start.
defineOp({
  name: "binary",
  gradient: (node, [dy], [needsA, needsB]) => {
    if (!dy) return [];
    const a = inputOf(node, 0);
    const b = inputOf(node, 1);
    switch (stringOf(node, "kind") as BinaryKind) {
      case "add":
        return [dy, needsB ? sumTo(dy, b.shape) : undefined];
      case "sub":
        return [dy, needsB ? affine(sumTo(dy, b.shape), -1) : undefined];
      case "mul": // da = dy·b, db = Σ dy·a
        return [needsA ? mul(dy, b) : undefined, needsB ? sumTo(mul(dy, a), b.shape) : undefined];
      case "div": // da = dy/b, db = −Σ dy·y/b
        return [
          needsA ? div(dy, b) : undefined,
          needsB ? affine(sumTo(div(mul(dy, node.outputs[0]!), b), b.shape), -1) : undefined,
        ];
    }
  },
});

/** a + b. @param b broadcasts along a */
export const add = (a: Tensor, b: Tensor): Tensor => binary("add", a, b);
/** a − b. @param b broadcasts along a */
export const sub = (a: Tensor, b: Tensor): Tensor => binary("sub", a, b);
/** a · b. @param b broadcasts along a */
export const mul = (a: Tensor, b: Tensor): Tensor => binary("mul", a, b);
/** a / b. @param b broadcasts along a */
export const div = (a: Tensor, b: Tensor): Tensor => binary("div", a, b);

/**
 * Σ_k coefficients[k] · terms[k]: guidance and sampler steps are such sums.
 * @param terms 1 to 6 tensors of one shape
 * @param coefficients [terms]
 */
export function combine(terms: readonly Tensor[], coefficients: Tensor): Tensor {
  const [first] = terms;
  if (!first || terms.length > 6) throw new ShapeError("combine", "1 to 6 terms", [terms.length]);
  for (const term of terms) checkShape("combine", term, first.shape);
  checkShape("combine: coefficients", coefficients, [terms.length]);
  return first.graph.node("combine", [coefficients, ...terms], [{ shape: first.shape }])[0]!;
}

defineOp({ name: "combine", cheap: true });

/**
 * Gated GELU: the first half of the last axis times gelu of the second.
 * @param x [..., 2c]
 * @returns [..., c]
 *
 * Shazeer 2020, arXiv:2002.05202.
 */
export function geglu(x: Tensor): Tensor {
  const width = sizeOf(x, -1);
  if (width % 2 !== 0) throw new ShapeError("geglu", "an even last axis", x.shape);
  return x.graph.node("geglu", [x], [{ shape: [...x.shape.slice(0, -1), width / 2] }])[0]!;
}

defineOp({
  name: "geglu",
  cheap: true,
  gradient: (node, [dy]) => [
    dy?.graph.node("geglu_gradient", [inputOf(node, 0), dy], [{ shape: inputOf(node, 0).shape }])[0],
  ],
});
defineOp({ name: "geglu_gradient", cheap: true });
defineOp({ name: "widen", cheap: true });
