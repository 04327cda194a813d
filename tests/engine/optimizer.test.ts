import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Backend, Values } from "../../src/backends/backend.ts";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import type { AdamWOptions, SgdOptions } from "../../src/graph/ops/optimizer.ts";
import { adamW, assign, clipFactor, ema, sgd } from "../../src/graph/ops/optimizer.ts";
import { expectAgreement, normalValues, relativeError } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";

interface Track<Options> {
  readonly options: Options;
  readonly weights: number[][];
}

/** By scripts/fixtures/optimizer.py. */
const fixture = JSON.parse(readFileSync(new URL("../fixtures/engine/optimizer.json", import.meta.url), "utf8")) as {
  readonly weight: number[];
  readonly gradients: number[][];
  readonly rates: number[];
  readonly sgd: Track<SgdOptions>;
  readonly adamw: Track<AdamWOptions>;
  readonly clip: { readonly limit: number; readonly norm: number; readonly gradient: number[] };
};
const size = fixture.weight.length;

const backends: [string, () => Promise<Backend>][] = [
  ["the reference", () => Promise.resolve(new ReferenceBackend())],
  ["the device", nodeBackend],
];

/** The weight after each step of a graph that changes the parameter `w` by the input `dw`. */
async function weightsOf(backend: Backend, build: (g: Graph) => void): Promise<Values[]> {
  const graph = trace((g) => {
    build(g);
    return {};
  });
  const variables = backend.variables();
  for (const [name, { shape }] of graph.parameters) {
    variables.set(
      name,
      { shape, dtype: "f32" },
      name === "w" ? Float32Array.from(fixture.weight) : new Float32Array(size),
    );
  }
  const program = await backend.compile(graph, variables);
  const weights: Values[] = [];
  for (const [index, gradient] of fixture.gradients.entries()) {
    const inputs = { dw: Float32Array.from(gradient), rate: fixture.rates[index]!, step: index + 1, scale: 1 };
    const known = Object.fromEntries(Object.entries(inputs).filter(([name]) => graph.inputs.has(name)));
    await program.run(known);
    weights.push(await variables.get("w"));
  }
  return weights;
}

function expectWeights(actual: readonly Values[], expected: readonly number[][]): void {
  actual.forEach((weights, step) => {
    expect(relativeError(weights, expected[step]!), `after step ${String(step + 1)}`).toBeLessThan(1e-6);
  });
}

describe.each(backends)("on %s", (_, open) => {
  test("ten steps of SGD with momentum and decay equal PyTorch's", async () => {
    const weights = await weightsOf(await open(), (g) => {
      const [w, v] = ["w", "v"].map((name) => g.parameter({ name, shape: [size] }));
      sgd(w!, g.input("dw", [size]), v!, g.scalar("rate"), g.scalar("scale"), fixture.sgd.options);
    });
    expectWeights(weights, fixture.sgd.weights);
  });

  test("ten steps of AdamW equal PyTorch's", async () => {
    const weights = await weightsOf(await open(), (g) => {
      const [w, m, v] = ["w", "m", "v"].map((name) => g.parameter({ name, shape: [size] }));
      const scalars = { rate: g.scalar("rate"), step: g.scalar("step"), scale: g.scalar("scale") };
      adamW(w!, g.input("dw", [size]), m!, v!, scalars, fixture.adamw.options);
    });
    expectWeights(weights, fixture.adamw.weights);
  });

  test("the clipping factor and norm equal PyTorch's", async () => {
    const backend = await open();
    const graph = trace((g) => ({ ...clipFactor([g.input("dw", [size])], fixture.clip.limit) }));
    const program = await backend.compile(graph, backend.variables());
    await program.run({ dw: Float32Array.from(fixture.gradients[0]!) });
    const [factor] = await program.read("factor");
    expect((await program.read("norm"))[0]).toBeCloseTo(fixture.clip.norm, 5);
    const clipped = fixture.gradients[0]!.map((value) => value * factor!);
    expect(relativeError(clipped, fixture.clip.gradient)).toBeLessThan(1e-6);
  });
});

test("gradients whose joint norm is below the limit are not clipped", async () => {
  const backend = await nodeBackend();
  const graph = trace((g) => ({ ...clipFactor([g.input("a", [3]), g.input("b", [5])], 10) }));
  const program = await backend.compile(graph, backend.variables());
  await program.run({ a: Float32Array.of(1, 2, 2), b: Float32Array.of(4, 0, 0, 0, 0) });
  expect([...(await program.read("factor")), ...(await program.read("norm"))]).toEqual([1, 5]);
});

test("AdamW after a million steps agrees with the reference", async () => {
  const build = (): Graph =>
    trace((g) => {
      const [w, m] = ["w", "m"].map((name) => g.parameter({ name, shape: [9] }));
      const v = g.parameter({ name: "v", shape: [9] });
      const scalars = { rate: g.scalar("rate"), step: g.scalar("step"), scale: g.scalar("scale") };
      adamW(w!, g.input("dw", [9]), m!, v, scalars, fixture.adamw.options);
      return {};
    });
  await expectAgreement(await nodeBackend(), build, {
    inputs: { rate: Float32Array.of(0.01), step: Float32Array.of(1e6), scale: Float32Array.of(0.5) },
    parameters: { v: normalValues("v", 9).map((value) => value * value) },
  });
});

test("a moving average and an assignment change their parameter in place and agree with the reference", async () => {
  const build = (): Graph =>
    trace((g) => {
      ema(g.parameter({ name: "average", shape: [3, 5] }), g.input("x", [3, 5]), 0.75);
      assign(g.parameter({ name: "copy", shape: [3, 5] }), g.input("x", [3, 5]));
      return {};
    });
  await expectAgreement(await nodeBackend(), build);
});
