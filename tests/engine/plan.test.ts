import { beforeAll, describe, expect, test } from "vitest";
import type { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { defineLowering } from "../../src/backends/webgpu/lowering.ts";
import { MissingError, OutOfMemoryError, ShapeError } from "../../src/errors.ts";
import { trace } from "../../src/graph/graph.ts";
import { defineOp } from "../../src/graph/op.ts";
import { attention } from "../../src/graph/ops/attention.ts";
import { add, affine, mul, silu } from "../../src/graph/ops/elementwise.ts";
import { linear, matmul } from "../../src/graph/ops/matmul.ts";
import { sum } from "../../src/graph/ops/mean.ts";
import { assign, sgd } from "../../src/graph/ops/optimizer.ts";
import { concat, reshape } from "../../src/graph/ops/shape.ts";
import { expectAgreement, normalValues } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";
import { setParameters, tinyTraining } from "./tiny-network.ts";

let backend: WebGpuBackend;
beforeAll(async () => {
  backend = await nodeBackend();
});

/** The sizes of all buffers that are made while `act` runs. */
async function buffersMade(act: () => unknown): Promise<number[]> {
  const made: number[] = [];
  const { device } = backend;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    made.push(descriptor.size);
    return create(descriptor);
  };
  try {
    await act();
  } finally {
    device.createBuffer = create;
  }
  return made;
}

const sumOf = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

describe("plan.report()", () => {
  test("says what compiling then allocates, without allocating", async () => {
    const graph = tinyTraining();
    const [earlier, variables] = [backend.variables(), backend.variables()];
    setParameters(graph, earlier);
    // The spare buffer of bindings that are turned off is the device's own, made once.
    (await backend.compile(graph, earlier)).dispose();
    earlier.dispose();
    expect(await buffersMade(() => backend.plan(graph))).toEqual([]);
    const { report } = backend.plan(graph);
    const parameters = await buffersMade(() => {
      setParameters(graph, variables);
    });
    expect(sumOf(parameters)).toBe(report.parameters);
    const rest = await buffersMade(() => backend.compile(graph, variables));
    expect(sumOf(rest)).toBe(report.arena + report.inputs + report.outputs + report.constants);
    expect(report.total).toBe(report.parameters + sumOf(rest));
    expect(report.arena).toBeLessThan(report.arenaUnshared / 2);
    variables.dispose();
  }, 600_000);

  test("counts what has a purpose of its own by that", () => {
    const { report } = backend.plan(
      trace((g) => {
        const w = g.parameter({ name: "w", shape: [100] });
        const table = g.constant(new Float32Array(300), [300]);
        return { y: mul(w, g.input("x", [100])), z: affine(table, 2), w, again: w };
      }),
    );
    expect(report).toMatchObject({ parameters: 512, inputs: 512, constants: 1280, outputs: 512 + 1280, arena: 0 });
  });
});

describe("outputs", () => {
  test("that are inputs, parameters, views, constants, read by others or named twice are read as they are", async () => {
    await expectAgreement(backend, () =>
      trace((g) => {
        const x = g.input("x", [4, 8]);
        const w = g.parameter({ name: "w", shape: [8, 8] });
        const y = silu(matmul(x, w));
        const flat = reshape(y, [32]);
        return {
          input: x,
          viewOfInput: reshape(x, [32]),
          parameter: w,
          viewOfParameter: reshape(reshape(w, [64]), [4, 16]),
          constant: g.constant(normalValues("constant", 5), [5]),
          y,
          again: y,
          flat,
          read: affine(flat, 3),
          viewOfInner: reshape(affine(y, -1), [2, 16]),
        };
      }),
    );
  });

  test("of a program without a kernel are read", async () => {
    const program = await backend.compile(
      trace((g) => ({ x: g.input("x", [3]), n: g.input("n", [2], "u32") })),
      backend.variables(),
    );
    await expect(program.read("x")).rejects.toThrow("it has not run to its end yet");
    await program.run({ x: Float32Array.of(1, 2, 3), n: Uint32Array.of(7, 2 ** 32 - 1) });
    expect(await program.read("x")).toEqual(Float32Array.of(1, 2, 3));
    expect(await program.read("n")).toEqual(Uint32Array.of(7, 2 ** 32 - 1));
    await program.run({ x: Float32Array.of(4, 5, 6) });
    expect(await program.read("n")).toEqual(Uint32Array.of(7, 2 ** 32 - 1));
    program.dispose();
    await expect(program.run()).rejects.toThrow(MissingError);
    await expect(program.read("x")).rejects.toThrow(MissingError);
  });
});

test("one tensor may be any number of operands of a node", async () => {
  await expectAgreement(backend, () =>
    trace((g) => {
      const x = g.input("x", [1, 8, 8]);
      const rows = reshape(x, [8, 8]);
      return {
        similarity: matmul(rows, rows, { transposeB: true }),
        attended: attention(x, x, x, { heads: 2 }),
        residual: add(linear(x, g.input("w", [8, 8])), x),
        residualTwice: add(add(matmul(rows, g.input("w", [8, 8])), rows), rows),
        twice: concat([rows, rows]),
        products: add(mul(rows, reshape(x, [8, 8])), add(rows, rows)),
      };
    }),
  );
});

test("a kernel that would bind one memory twice is refused with its bindings and their places", async () => {
  defineOp({ name: "bound_twice" });
  defineLowering("bound_twice", (node, { dispatch }) => {
    const [x, y] = [node.inputs[0]!, node.outputs[0]!];
    const bindings = [x, y, { of: x, offset: 256, bytes: 16 }];
    dispatch({ shader: "elementwise/binary.wgsl", constants: { KIND: 0 }, bindings, workgroups: [1, 1, 1] });
  });
  const graph = trace((g) => ({ y: g.node("bound_twice", [g.input("x", [128])], [{ shape: [4] }])[0]! }));
  await expect(backend.compile(graph, backend.variables())).rejects.toThrow(
    new ShapeError(
      "elementwise/binary.wgsl",
      "disjoint operands",
      "bindings 0 (512 bytes at 0) and 2 (16 bytes at 256) of one buffer",
    ),
  );
});

test("what is read before a parameter changes is its old value, after it its new one", async () => {
  const scalars = { rate: Float32Array.of(0.5), scale: Float32Array.of(1) };
  await expectAgreement(
    backend,
    () =>
      trace((g) => {
        const x = g.input("x", [8, 8]);
        const w = g.parameter({ name: "w", shape: [8, 8] });
        const velocity = g.parameter({ name: "velocity", shape: [8, 8] });
        const before = matmul(x, w);
        const snapshot = affine(w, 1);
        sgd(w, x, velocity, g.scalar("rate"), g.scalar("scale"), { momentum: 0.9, weightDecay: 0 });
        // The product stands before the step although its activation stands after it.
        const old = silu(before);
        assign(velocity, snapshot);
        return { old, snapshot, after: matmul(x, w), view: affine(reshape(w, [64]), 1), total: sum(velocity) };
      }),
    { inputs: scalars },
  );
});

test("half-precision parameters are not stepped but refused by name", () => {
  const build = (): unknown =>
    trace((g) => {
      const w = g.parameter({ name: "w", shape: [4], dtype: "f16" });
      const x = g.input("x", [4]);
      sgd(w, x, x, g.scalar("rate"), g.scalar("scale"), { momentum: 0, weightDecay: 0 });
      return {};
    });
  expect(build).toThrow(new ShapeError("sgd: element type of w", "f32", "f16"));
});

test("a kernel that would bind more than the adapter allows is refused by the plan", () => {
  const limit = backend.profile.maxBindingBytes;
  // Never allocated: products take their operands whole.
  const graph = trace((g) => ({ y: matmul(g.input("x", [4, 2 ** 20]), g.input("w", [2 ** 20, 4096])) }));
  expect(() => backend.plan(graph)).toThrow(OutOfMemoryError);
  try {
    backend.plan(graph);
  } catch (error) {
    expect(error).toMatchObject({ neededBytes: 2 ** 34, limitBytes: limit });
  }
});
