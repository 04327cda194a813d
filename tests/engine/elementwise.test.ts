import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import * as ops from "../../src/graph/ops/elementwise.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { expectAgreement, normalValues } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";
import { between, expectOp } from "./op-check.ts";

const { add, sub, mul, div } = ops;

describe("binary", () => {
  const shapes: [number[], number[]][] = [
    [
      [3, 5, 7],
      [3, 5, 7],
    ],
    [[3, 5, 7], [7]],
    [[3, 5, 8], [8]],
    [
      [2, 4, 4, 6],
      [2, 1, 1, 6],
    ],
    [
      [2, 4, 4, 8],
      [2, 1, 1, 8],
    ],
    [
      [6, 5],
      [6, 1],
    ],
    [
      [6, 8],
      [6, 1],
    ],
    [
      [2, 3, 8],
      [3, 1],
    ],
    [[6, 5], [1]],
  ];
  test.each(shapes)("[%s] with [%s] and its gradients agree with the reference", async (a, b) => {
    const backend = await nodeBackend();
    const divisor = between(
      0.5,
      2,
      b.reduce((product, size) => product * size, 1),
    );
    for (const f of [add, sub, mul, div])
      await expectOp(backend, (g) => f(g.input("a", a), g.input("b", b)), { inputs: { b: divisor } });
  });

  test("of a tensor with itself agrees with the reference", async () => {
    const backend = await nodeBackend();
    for (const f of [add, mul]) await expectOp(backend, (g) => f(g.input("a", [5]), g.input("a", [5])));
  });
});

describe("unary", () => {
  const anywhere = ["relu", "balancedRelu", "silu", "gelu", "quickGelu", "sigmoid", "tanh", "exp", "square"] as const;
  test.each(anywhere)("%s and its gradient agree with the reference", async (name) => {
    // Differences across relu's kink are no derivative.
    const x = normalValues("x", 63).map((value) => (Math.abs(value) < 0.01 ? 0.5 : value));
    await expectOp(await nodeBackend(), (g) => ops[name](g.input("x", [7, 9])), { inputs: { x } });
  });

  test("balancedRelu has the mean of both sides' slopes at 0", async () => {
    // Central differences give it too.
    await expectOp(await nodeBackend(), (g) => ops.balancedRelu(g.input("x", [5])), {
      inputs: { x: Float32Array.of(-1, 0, 1, -0, 2) },
    });
  });

  const positive = ["log", "sqrt", "rsqrt"] as const;
  test.each(positive)("%s of positive numbers and its gradient agree with the reference", async (name) => {
    await expectOp(await nodeBackend(), (g) => ops[name](g.input("x", [30])), { inputs: { x: between(0.5, 4, 30) } });
  });

  test("bounded activations stay finite far out", async () => {
    const backend = await nodeBackend();
    const x = Float32Array.of(-1e4, -300, -90, -20, 0, 20, 90, 300, 1e4);
    for (const name of ["relu", "silu", "gelu", "quickGelu", "sigmoid", "tanh"] as const) {
      await expectAgreement(backend, () => trace((g) => ({ y: ops[name](g.input("x", [9])) })), { inputs: { x } });
    }
  });
});

test("affine and its gradient agree with the reference", async () => {
  await expectOp(await nodeBackend(), (g) => ops.affine(g.input("x", [3, 5]), -1.5, 0.25));
});

test.each([1, 2, 3, 6])("combine of %s terms agrees with the reference", async (terms) => {
  const build = (g: Graph): Tensor =>
    ops.combine(
      Array.from({ length: terms }, (_, k) => g.input(`x${String(k)}`, [3, 7])),
      g.input("coefficients", [terms]),
    );
  await expectAgreement(await nodeBackend(), () => trace((g) => ({ y: build(g) })));
});

test.each([[[3, 16]], [[2, 3, 10]]])("geglu of [%s] and its gradient agree with the reference", async (shape) => {
  await expectOp(await nodeBackend(), (g) => ops.geglu(g.input("x", shape)));
});

test("filled writes every element", async () => {
  await expectAgreement(await nodeBackend(), () =>
    trace((g) => ({ zeros: g.filled(0, [5]), others: g.filled(-2.5, [3, 7]) })),
  );
});

test("half-precision parameters come back widened, subnormals included", async () => {
  const backend = await nodeBackend();
  const variables = backend.variables();
  const values = [0, -0, 1, -2.5, 65504, 6.1e-5, 5.96e-8, -3e-6, ...normalValues("w", 11)];
  variables.set("w", { shape: [19], dtype: "f16" }, Float32Array.from(values));
  const graph = trace((g) => ({ w: g.parameter({ name: "w", shape: [19], dtype: "f16" }) }));
  const program = await backend.compile(graph, variables);
  await program.run();
  expect(await program.read("w")).toEqual(await variables.get("w"));
});
