import { beforeAll, expect, test } from "vitest";
import type { Values } from "../../src/backends/backend.ts";
import type { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { gradients } from "../../src/graph/autodiff.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import { conv2d } from "../../src/graph/ops/conv.ts";
import { mul } from "../../src/graph/ops/elementwise.ts";
import { gather } from "../../src/graph/ops/embedding.ts";
import { matmul } from "../../src/graph/ops/matmul.ts";
import { sum } from "../../src/graph/ops/mean.ts";
import { groupNorm } from "../../src/graph/ops/norm.ts";
import { reshape } from "../../src/graph/ops/shape.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { elementCount } from "../../src/graph/tensor.ts";
import { normalValues } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";

let backend: WebGpuBackend;
beforeAll(async () => {
  backend = await nodeBackend();
});

const words = (values: Values): Uint32Array => new Uint32Array(values.slice().buffer);

/** Sums in all the ways that are split: over pixels, rows, tokens, repeated words. */
function sums(): Graph {
  return trace((g) => {
    const inputs: Record<string, Tensor> = {};
    const input = (name: string, ...shape: number[]): Tensor => (inputs[name] = g.input(name, shape));
    const table = input("table", 7, 16);
    const image = reshape(gather(table, g.input("ids", [4, 256], "u32")), [4, 16, 16, 16]);
    const weight = input("weight", 3, 3, 16, 16);
    const normed = groupNorm(conv2d(image, weight, { padding: 1 }), input("scale", 16), input("shift", 16), 4, {
      epsilon: 1e-5,
      activation: "silu",
    });
    const tokens = reshape(normed, [4, 256, 16]);
    const y = attention(tokens, reshape(matmul(tokens, input("k", 16, 16)), [4, 256, 16]), tokens, { heads: 2 });
    const loss = sum(mul(y, g.input("dy", [4, 256, 16])));
    const found = gradients(loss, Object.values(inputs));
    return { loss, y, ...Object.fromEntries(Object.keys(inputs).map((name, i) => [`d${name}`, found[i]!])) };
  });
}

test("the same program, and the same graph compiled again, give the same bits", async () => {
  const results: Record<string, Uint32Array>[] = [];
  for (let compilation = 0; compilation < 2; compilation++) {
    const graph = sums();
    const program = await backend.compile(graph, backend.variables());
    const inputs: Record<string, Values> = {};
    for (const [name, { shape, dtype }] of graph.inputs) {
      const count = elementCount(shape);
      inputs[name] =
        dtype === "u32" ? Uint32Array.from({ length: count }, (_, i) => (i * i) % 7) : normalValues(name, count);
    }
    for (let run = 0; run < 3; run++) {
      await program.run(inputs);
      const result: Record<string, Uint32Array> = {};
      for (const name of graph.outputs.keys()) result[name] = words(await program.read(name));
      results.push(result);
    }
    program.dispose();
  }
  const [first, ...others] = results as [Record<string, Uint32Array>, ...Record<string, Uint32Array>[]];
  for (const [name, bits] of Object.entries(first)) {
    expect(new Set(bits).size, `${name} has values`).toBeGreaterThan(name === "loss" ? 0 : 10);
    for (const other of others) expect(other[name], name).toEqual(bits);
  }
}, 600_000);
