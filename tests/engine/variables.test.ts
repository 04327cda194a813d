import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { openNodeDevice } from "../../src/cli/node-device.ts";
import { MissingError, OutOfMemoryError, ShapeError } from "../../src/errors.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { add, affine } from "../../src/graph/ops/elementwise.ts";
import { f16ToFloat32, float32ToF16 } from "../../src/half.ts";
import { normalValues } from "./agree.ts";
import { nodeBackend } from "./node-backend.ts";

let backend: WebGpuBackend;
beforeAll(async () => {
  backend = await nodeBackend();
});

/** What half precision keeps of numbers. */
const rounded = (values: Float32Array): Float32Array => f16ToFloat32(float32ToF16(values));

describe("half-precision variables", () => {
  test("are read back and widened on the device as the host rounds them, for odd counts too", async () => {
    const variables = backend.variables();
    const special = [
      0,
      -0,
      1,
      -1,
      65504,
      -65504,
      2 ** -14,
      2 ** -24,
      -(2 ** -24),
      3 * 2 ** -24,
      1 / 3,
      1e-9,
      2049,
      2051,
    ];
    for (const count of [1, 2, 3, 5, 14, 257]) {
      const name = `w${String(count)}`;
      const values = Float32Array.from(normalValues(name, count, 100).map((value, index) => special[index] ?? value));
      variables.set(name, { shape: [count], dtype: "f16" }, values);
      expect(await variables.get(name), name).toEqual(rounded(values));
      const graph = trace((g) => ({ y: g.parameter({ name, shape: [count], dtype: "f16" }) }));
      const program = await backend.compile(graph, variables);
      expect(program.report.parameters).toBe(Math.ceil(count / 128) * 256);
      await program.run();
      expect(await program.read("y"), name).toEqual(rounded(values));
      program.dispose();
    }
    variables.dispose();
  });

  test("of any values are read back as the host rounds them", async () => {
    const variables = backend.variables();
    const finite = fc.float({ min: -65504, max: 65504, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(finite, { minLength: 1, maxLength: 9 }), async (list) => {
        const values = Float32Array.from(list);
        variables.delete("w");
        variables.set("w", { shape: [values.length], dtype: "f16" }, values);
        expect(await variables.get("w")).toEqual(rounded(values));
      }),
      { numRuns: 30 },
    );
    variables.dispose();
  });
});

test("variables keep their values from program to program and are overwritten in place", async () => {
  const variables = backend.variables();
  variables.set("w", { shape: [3], dtype: "f32" }, Float32Array.of(1, 2, 3));
  variables.set("n", { shape: [2], dtype: "u32" }, Uint32Array.of(1, 2 ** 32 - 1));
  expect(await variables.get("n")).toEqual(Uint32Array.of(1, 2 ** 32 - 1));
  const graph = trace((g) => ({ y: affine(g.parameter({ name: "w", shape: [3] }), 2) }));
  const program = await backend.compile(graph, variables);
  variables.set("w", { shape: [3], dtype: "f32" }, Float32Array.of(4, 5, 6));
  await program.run();
  expect(await program.read("y")).toEqual(Float32Array.of(8, 10, 12));
  program.dispose();
  expect(await variables.get("w")).toEqual(Float32Array.of(4, 5, 6));
  expect(variables.names()).toEqual(["w", "n"]);
  variables.delete("w");
  await expect(variables.get("w")).rejects.toThrow(MissingError);
  variables.dispose();
});

test("a variable that is deleted before its reading's turn is told as missing, also where another has its name", async () => {
  const variables = backend.variables();
  const spec = { shape: [3], dtype: "f32" } as const;
  variables.set("w", spec, Float32Array.of(1, 2, 3));
  const deleted = variables.get("w");
  variables.delete("w");
  await expect(deleted).rejects.toThrow(new MissingError("variables", "w"));
  variables.set("w", spec, Float32Array.of(4, 5, 6));
  const replaced = variables.get("w");
  variables.delete("w");
  variables.set("w", spec, Float32Array.of(7, 8, 9));
  await expect(replaced).rejects.toThrow(MissingError);
  expect(await variables.get("w")).toEqual(Float32Array.of(7, 8, 9));
  variables.dispose();
});

test("a program whose variable was deleted or made anew does not run; what it computed before is read", async () => {
  const variables = backend.variables();
  const spec = { shape: [3], dtype: "f32" } as const;
  variables.set("w", spec, Float32Array.of(1, 2, 3));
  const graph = trace((g) => {
    const w = g.parameter({ name: "w", shape: [3] });
    return { w, y: affine(w, 2) };
  });
  const program = await backend.compile(graph, variables);
  expect(await program.run()).toBe("done");
  const missing = new MissingError("program", "variable w", "it was deleted after compiling");
  for (const renew of [false, true]) {
    variables.delete("w");
    if (renew) variables.set("w", spec, Float32Array.of(4, 5, 6));
    await expect(program.run()).rejects.toThrow(missing);
    await expect(program.read("w")).rejects.toThrow(missing);
    expect(await program.read("y")).toEqual(Float32Array.of(2, 4, 6));
  }
  program.dispose();
  await expect(program.run()).rejects.toThrow(new MissingError("program", "its memory", "it was disposed of"));
  variables.dispose();
});

test("a run whose variable is deleted while it goes is told so", async () => {
  const spec = { shape: [3], dtype: "f32" } as const;
  const graph = trace((g) => {
    let y = g.input("x", [3]);
    for (let link = 0; link < 10; link++) y = add(y, g.parameter({ name: "w", shape: [3] }));
    return { y };
  });
  for (const renew of [false, true]) {
    const variables = backend.variables();
    variables.set("w", spec, Float32Array.of(1, 2, 3));
    const program = await backend.compile(graph, variables, { submitMilliseconds: 0 });
    const onProgress = (): void => {
      variables.delete("w");
      if (renew) variables.set("w", spec, Float32Array.of(4, 5, 6));
    };
    await expect(program.run({}, { onProgress })).rejects.toThrow("variable w is missing (it was deleted");
    program.dispose();
    variables.dispose();
  }
});

test("variables of other shapes and types are refused", async () => {
  const variables = backend.variables();
  const values = new Float32Array(6);
  variables.set("w", { shape: [2, 3], dtype: "f32" }, values);
  expect(() => {
    variables.set("w", { shape: [3, 2], dtype: "f32" }, values);
  }).toThrow(new ShapeError("variable w", "f32 [2, 3]", "f32 [3, 2]"));
  expect(() => {
    variables.set("w", { shape: [2, 3], dtype: "f16" }, values);
  }).toThrow(new ShapeError("variable w", "f32 [2, 3]", "f16 [2, 3]"));
  expect(() => {
    variables.set("v", { shape: [7], dtype: "f32" }, values);
  }).toThrow(ShapeError);
  expect(() => {
    variables.set("v", { shape: [6], dtype: "u32" }, values);
  }).toThrow(new ShapeError("variable v: element type", "u32 in a Uint32Array", "Float32Array"));
  const wrongShape = trace((g) => ({ w: affine(g.parameter({ name: "w", shape: [6] }), 1) }));
  await expect(backend.compile(wrongShape, variables)).rejects.toThrow(new ShapeError("variable w", [6], [2, 3]));
  const absent = trace((g) => ({ w: affine(g.parameter({ name: "absent", shape: [6] }), 1) }));
  await expect(backend.compile(absent, variables)).rejects.toThrow(MissingError);
  variables.dispose();
});

test("a variable larger than the adapter's largest buffer is refused with both numbers", () => {
  const variables = backend.variables();
  const limit = backend.device.limits.maxBufferSize;
  // Stands for values that the host could hold: only its length is asked for.
  const length = Math.floor(limit / 4) + 64;
  const values = Object.create(Float32Array.prototype, { length: { value: length } }) as Float32Array;
  const set = (): void => {
    variables.set("w", { shape: [length], dtype: "f32" }, values);
  };
  expect(set).toThrow(new OutOfMemoryError("variable w", Math.ceil((4 * length) / 256) * 256, limit));
});

describe("a variable that the device has no room for", () => {
  /** A backend of its own, whose device refuses the buffers of the variables that are named. */
  async function refusing(...names: readonly string[]): Promise<{ backend: WebGpuBackend; refused: Set<string> }> {
    const { device, adapter } = await openNodeDevice();
    const [create, pop] = [device.createBuffer.bind(device), device.popErrorScope.bind(device)];
    const refused = new Set(names);
    let error: GPUError | undefined;
    device.createBuffer = (descriptor) => {
      if (refused.has(descriptor.label!)) error = { message: "no room" };
      return create(descriptor);
    };
    device.popErrorScope = () => {
      const [told, popped] = [error, pop()];
      error = undefined;
      return popped.then((other) => told ?? other);
    };
    return { backend: new WebGpuBackend(device, adapter.info), refused };
  }

  const spec = { shape: [2], dtype: "f32" } as const;
  const values = Float32Array.of(1, 2);
  const doubled = (name: string): Graph => trace((g) => ({ y: affine(g.parameter({ name, shape: [2] }), 2) }));

  test("is told to the program that asks for it, once, and is then gone", async () => {
    const { backend: own, refused } = await refusing("w");
    const variables = own.variables();
    for (const name of ["v", "w"]) variables.set(name, spec, values);
    await expect(own.compile(doubled("w"), variables)).rejects.toThrow("variable w: no room");
    expect(variables.names()).toEqual(["v"]);
    await own.compile(doubled("v"), variables);
    await expect(own.compile(doubled("w"), variables)).rejects.toThrow(MissingError);
    await expect(variables.get("w")).rejects.toThrow(MissingError);
    refused.clear();
    variables.set("w", spec, values);
    const program = await own.compile(doubled("w"), variables);
    await program.run();
    expect(await program.read("y")).toEqual(Float32Array.of(2, 4));
    own.dispose();
  });

  test("is told when it is made while another program is compiled", async () => {
    const { backend: own } = await refusing("w");
    const variables = own.variables();
    variables.set("v", spec, values);
    const compiling = own.compile(doubled("v"), variables);
    variables.set("w", spec, values);
    await compiling;
    await expect(own.compile(doubled("w"), variables)).rejects.toThrow(OutOfMemoryError);
    own.dispose();
  });

  test("is not told once it is deleted or set anew", async () => {
    const { backend: own, refused } = await refusing("w");
    const variables = own.variables();
    variables.set("w", spec, values);
    variables.delete("w");
    refused.clear();
    variables.set("w", spec, values);
    await own.compile(doubled("w"), variables);
    expect(await variables.get("w")).toEqual(values);
    own.dispose();
  });
});
