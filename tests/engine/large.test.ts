import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { openNodeDevice } from "../../src/cli/node-device.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { gradients } from "../../src/graph/autodiff.ts";
import { add, affine, mul, relu } from "../../src/graph/ops/elementwise.ts";
import { gather } from "../../src/graph/ops/embedding.ts";
import { sum } from "../../src/graph/ops/mean.ts";
import { adamW, ema, sgd } from "../../src/graph/ops/optimizer.ts";
import { broadcastTo, sumTo } from "../../src/graph/ops/reduce.ts";
import { elementCount } from "../../src/graph/tensor.ts";
import { expectAgreement, normalValues } from "./agree.ts";

const mebibytes128 = 2 ** 27;

/** A backend of its own whose plans may bind at most so many bytes. */
async function backendWithBindings(bytes: number): Promise<WebGpuBackend> {
  const { device, adapter } = await openNodeDevice();
  const backend = new WebGpuBackend(device, adapter.info);
  Object.assign(backend.profile, { maxBindingBytes: bytes });
  return backend;
}

describe("tensors of several bindings", () => {
  let small: WebGpuBackend;
  beforeAll(async () => {
    small = await backendWithBindings(16_384);
  });
  afterAll(() => {
    small.dispose();
  });

  // 9,999 elements in bindings of 4,096.
  const shape = [9999];

  test("elementwise ops and their gradients agree with the reference", async () => {
    await expectAgreement(small, () =>
      trace((g) => {
        const x = g.input("x", shape);
        const y = mul(add(relu(x), g.input("b", shape)), g.input("scale", [1]));
        const [dx] = gradients(sum(affine(y, 2, 1)), [x]);
        const repeated = broadcastTo(g.input("row", [6]), [1500, 6]);
        const rows = add(g.input("rows", [1500, 6]), g.input("row", [6]));
        return { y, dx: dx!, ones: g.filled(1, shape), rows, repeated };
      }),
    );
  });

  test("sums of everything and of columns agree with the reference", async () => {
    const build = (): Graph =>
      trace((g) => ({ all: sum(g.input("x", shape)), columns: sumTo(g.input("rows", [1500, 6]), [6]) }));
    await expectAgreement(small, build, { tolerance: 5e-5 });
  });

  test("half-precision parameters are widened band by band", async () => {
    const variables = small.variables();
    const values = Float32Array.from({ length: 9999 }, (_, i) => i % 2048); // exact in 11 bits
    variables.set("w", { shape, dtype: "f16" }, values);
    const graph = trace((g) => ({ y: affine(g.parameter({ name: "w", shape, dtype: "f16" }), 1) }));
    const program = await small.compile(graph, variables);
    await program.run();
    expect(await program.read("y")).toEqual(values);
  });

  test("rows of a table and their gradient agree with the reference", async () => {
    const ids = Uint32Array.of(0, 1499, 640, 639, 1499, 641, 1280, 0);
    const build = (): Graph =>
      trace((g) => {
        const table = g.input("table", [1500, 6]);
        const y = gather(table, g.input("ids", [8], "u32"));
        const [dtable] = gradients(sum(mul(y, g.input("dy", [8, 6]))), [table]);
        return { y, dtable: dtable! };
      });
    await expectAgreement(small, build, { inputs: { ids } });
  });

  test("optimizer steps agree with the reference", async () => {
    const build = (): Graph =>
      trace((g) => {
        const [w, v, m, s, average] = ["w", "v", "m", "s", "average"].map((name) => g.parameter({ name, shape }));
        const [rate, scale, step] = ["rate", "scale", "step"].map((name) => g.scalar(name));
        const dw = g.input("dw", shape);
        sgd(w!, dw, v!, rate!, scale!, { momentum: 0.9, weightDecay: 0.01 });
        adamW(w!, dw, m!, s!, { rate: rate!, scale: scale!, step: step! }, options);
        ema(average!, dw, 0.9);
        return {};
      });
    const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-3, weightDecay: 0.01 };
    const scalar = (value: number): Float32Array => Float32Array.of(value);
    const inputs = { rate: scalar(0.01), scale: scalar(0.5), step: scalar(3) };
    const squares = normalValues("s", elementCount(shape)).map((value) => value * value);
    await expectAgreement(small, build, { inputs, parameters: { s: squares } });
  });
});

test("a plan whose largest tensor exceeds one binding runs", async () => {
  const backend = await backendWithBindings(mebibytes128);
  const [rows, c] = [33_000, 1024];
  const variables = backend.variables();
  const table = new Float32Array(rows * c);
  for (let row = 0; row < rows; row++) table.fill(row, row * c, (row + 1) * c);
  variables.set("table", { shape: [rows, c], dtype: "f32" }, table);
  variables.set("velocity", { shape: [rows, c], dtype: "f32" }, new Float32Array(rows * c));
  const graph = trace((g) => {
    const parameter = g.parameter({ name: "table", shape: [rows, c] });
    const y = gather(parameter, g.input("ids", [4], "u32"));
    const [dtable] = gradients(sum(y), [parameter]);
    const velocity = g.parameter({ name: "velocity", shape: [rows, c] });
    const options = { momentum: 0, weightDecay: 0 };
    sgd(parameter, dtable!, velocity, g.scalar("rate"), g.scalar("scale"), options);
    return { y: affine(y, 1), total: sum(dtable!) };
  });
  const program = await backend.compile(graph, variables);
  expect(program.report.parameters).toBeGreaterThan(mebibytes128);
  await program.run({ ids: Uint32Array.of(32_999, 0, 32_768, 32_999), rate: 1, scale: 1 });
  const y = await program.read("y");
  expect([0, 1, 2, 3].map((j) => y[j * c + c - 1])).toEqual([32_999, 0, 32_768, 32_999]);
  expect((await program.read("total"))[0]).toBe(4 * c);
  await program.run({ ids: Uint32Array.of(32_999, 0, 32_767, 1) });
  const changed = await program.read("y");
  // The last row was asked for twice in the first run, row 32,768 no longer in the second.
  expect([0, 1, 2, 3].map((j) => changed[j * c])).toEqual([32_997, -1, 32_767, 1]);
  backend.dispose();
}, 300_000);
