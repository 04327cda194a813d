import { describe, expect, test } from "vitest";
import { shaderSources } from "../../shaders/index.ts";
import { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { Device } from "../../src/backends/webgpu/device.ts";
import { openNodeDevice } from "../../src/cli/node-device.ts";
import {
  AdapterError,
  DeviceLostError,
  NonFiniteError,
  OutOfMemoryError,
  ShaderError,
  ShapeError,
} from "../../src/errors.ts";
import { gradients } from "../../src/graph/autodiff.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { trace } from "../../src/graph/graph.ts";
import { affine, mul } from "../../src/graph/ops/elementwise.ts";
import { meanSquaredError } from "../../src/graph/ops/loss.ts";
import { matmul } from "../../src/graph/ops/matmul.ts";
import { assign, sgd } from "../../src/graph/ops/optimizer.ts";
import { trainBySteps } from "../../src/training/loop.ts";
import { nodeBackend } from "./node-backend.ts";

/** A backend of its own, to be broken. */
async function ownBackend(): Promise<WebGpuBackend> {
  const { device, adapter } = await openNodeDevice();
  return new WebGpuBackend(device, adapter.info);
}

/** Lets a device make buffers of other sizes than asked for, and tells which it made and which were destroyed. */
function watchBuffers(
  gpu: GPUDevice,
  sizeOf: (descriptor: GPUBufferDescriptor, made: number) => number,
): { readonly made: GPUBuffer[]; readonly destroyed: Set<GPUBuffer> } {
  const create = gpu.createBuffer.bind(gpu);
  const [made, destroyed] = [[] as GPUBuffer[], new Set<GPUBuffer>()];
  gpu.createBuffer = (descriptor) => {
    const buffer = create({ ...descriptor, size: sizeOf(descriptor, made.length) });
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      destroyed.add(buffer);
      return void destroy();
    };
    made.push(buffer);
    return buffer;
  };
  return { made, destroyed };
}

describe("out of memory", () => {
  test("is told with both numbers when one tensor is larger than the largest buffer", async () => {
    const backend = await nodeBackend();
    const limit = backend.device.limits.maxBufferSize;
    const rows = Math.ceil(limit / 4096);
    const graph = trace((g) => ({ y: g.input("x", [rows + 1, 1024]) }));
    const bytes = (rows + 1) * 4096;
    const compiling = backend.compile(graph, backend.variables(), { label: "absurd" });
    await expect(compiling).rejects.toThrow(new OutOfMemoryError("absurd", bytes, limit));
  });

  test("is told when the device itself refuses, and what was made is freed", async () => {
    const { device: gpu } = await openNodeDevice();
    // The second buffer of a plan is one that no memory holds.
    const { destroyed } = watchBuffers(gpu, ({ size }, made) => (made === 1 ? gpu.limits.maxBufferSize + 4 : size));
    const device = new Device(gpu, shaderSources);
    const failing = device.allocate("plan", [256, 512, 256], GPUBufferUsage.STORAGE);
    await expect(failing).rejects.toMatchObject({ name: "OutOfMemoryError", neededBytes: 1024 });
    expect(destroyed.size).toBe(3);
    device.destroy();
  });

  test("of the last buffer of a program frees those before it", async () => {
    const backend = await ownBackend();
    const tooMuch = backend.device.limits.maxBufferSize + 4;
    const { made, destroyed } = watchBuffers(backend.device, ({ label, size }) =>
      label === "product: sizes" ? tooMuch : size,
    );
    const graph = trace((g) => ({ y: matmul(g.input("x", [8, 8]), g.input("w", [8, 8])) }));
    await expect(backend.compile(graph, backend.variables(), { label: "product" })).rejects.toThrow(OutOfMemoryError);
    expect(made.map(({ label }) => label)).toContain("product: sizes");
    expect(destroyed.size).toBe(made.length);
    backend.dispose();
  });
});

test("a recording that throws leaves no error scope open", async () => {
  const backend = await ownBackend();
  const { device } = backend;
  device.createBindGroup = () => {
    throw new ShapeError("kernel", "disjoint operands", "one tensor bound twice");
  };
  const graph = trace((g) => ({ y: affine(g.input("x", [4]), 2) }));
  await expect(backend.compile(graph, backend.variables())).rejects.toThrow(ShapeError);
  // No scope is left that could be closed.
  await expect(device.popErrorScope()).rejects.toThrow();
  backend.dispose();
});

test("a feature that the adapter lacks is told by name", async () => {
  const { adapter } = await openNodeDevice();
  const known: GPUFeatureName[] = [
    "texture-compression-astc-sliced-3d",
    "texture-compression-etc2",
    "texture-compression-bc",
    "texture-compression-astc",
  ];
  const lacking = known.find((feature) => !adapter.features.has(feature))!;
  const opening = openNodeDevice({ requiredFeatures: [lacking] });
  await expect(opening).rejects.toThrow(AdapterError);
  await expect(opening).rejects.toThrow(lacking);
});

describe("a shader", () => {
  const sources = new Map([
    ["bad.wgsl", "// y = x\n// nowhere\n@compute @workgroup_size(1) fn main() { let y = undefinedName; }"],
    ["importing.wgsl", "import lib::absent;\n"],
    ["good.wgsl", "override SIZE: u32;\n@compute @workgroup_size(1) fn main() { _ = SIZE; }"],
  ]);
  const dispatch = (shader: string, constants: Record<string, number> = {}) => ({
    shader,
    constants,
    bindings: [],
    workgroups: [1, 1, 1] as const,
  });

  test("that does not compile is told by its file, line and the compiler's words", async () => {
    const { device: gpu } = await openNodeDevice();
    const uncaptured: string[] = [];
    gpu.addEventListener("uncapturederror", (event) => uncaptured.push(event.error.message));
    const device = new Device(gpu, sources);
    const compiling = device.pipeline(dispatch("bad.wgsl"));
    await expect(compiling).rejects.toThrow(ShaderError);
    await expect(compiling).rejects.toMatchObject({ shader: "bad.wgsl" });
    await expect(compiling).rejects.toThrow(/3:\d+ .*undefinedName/);
    await expect(device.pipeline(dispatch("good.wgsl", { SIZE: 2 }))).resolves.toBeDefined();
    expect(uncaptured).toEqual([]);
    device.destroy();
  });

  test("without a value for a constant, with one that it has not, or with a missing import is refused", async () => {
    const { device: gpu } = await openNodeDevice();
    const device = new Device(gpu, sources);
    await expect(device.pipeline(dispatch("good.wgsl"))).rejects.toThrow(ShaderError);
    await expect(device.pipeline(dispatch("good.wgsl", { SIZE: 1, OTHER: 1 }))).rejects.toThrow(ShaderError);
    await expect(device.pipeline(dispatch("importing.wgsl"))).rejects.toThrow("shader lib/absent.wgsl is missing");
    device.destroy();
  });
});

test("a training that diverges ends with the step and the value of its loss", async () => {
  const backend = await nodeBackend();
  const variables = backend.variables();
  for (const name of ["w", "velocity"])
    variables.set(name, { shape: [64], dtype: "f32" }, new Float32Array(64).fill(name === "w" ? 1 : 0));
  const graph = trace((g) => {
    const [w, velocity] = ["w", "velocity"].map((name) => g.parameter({ name, shape: [64] })) as [never, never];
    const loss = meanSquaredError(mul(w, g.input("x", [64])), g.input("y", [64]));
    const [dw] = gradients(loss, [w]);
    g.scalar("step");
    sgd(w, dw!, velocity, g.scalar("rate"), g.filled(1, [1]), { momentum: 0, weightDecay: 0 });
    return { loss };
  });
  const program = await backend.compile(graph, variables);
  const losses: number[] = [];
  const kept: number[] = [];
  const training = trainBySteps(program, false, {
    label: "diverging",
    firstStep: 0,
    steps: 50,
    rate: () => 1e9,
    feed: () => ({ x: new Float32Array(64).fill(3), y: new Float32Array(64) }),
    logEvery: 1,
    onLog: ({ loss }) => losses.push(loss),
    checkpointEvery: 1,
    checkpoint: (step) => Promise.resolve(void kept.push(step)),
    now: () => performance.now(),
  });
  await expect(training).rejects.toThrow(NonFiniteError);
  const finite = losses.length;
  expect(finite).toBeGreaterThan(1);
  await expect(training).rejects.toMatchObject({ where: "diverging: loss", step: finite + 1 });
  // What was kept is from before it.
  expect(Math.max(...kept)).toBe(finite);
  program.dispose();
});

describe("a lost device", () => {
  /** A program of many submits. */
  const long = (): Graph =>
    trace((g) => {
      const total = g.parameter({ name: "total", shape: [2 ** 16] });
      for (let link = 0; link < 200; link++) assign(total, affine(total, 1, 1));
      return { y: affine(total, 1) };
    });

  async function lossy(): Promise<{ backend: WebGpuBackend; variables: ReturnType<WebGpuBackend["variables"]> }> {
    const backend = await ownBackend();
    const variables = backend.variables();
    variables.set("total", { shape: [2 ** 16], dtype: "f32" }, new Float32Array(2 ** 16));
    return { backend, variables };
  }

  test("rejects the run that is under way, and all that is asked of it after", async () => {
    const { backend, variables } = await lossy();
    const program = await backend.compile(long(), variables, { submitMilliseconds: 0 });
    let submits = 0;
    const running = program.run(
      {},
      {
        onProgress: () => {
          if (++submits === 3) backend.device.destroy();
        },
      },
    );
    await expect(running).rejects.toThrow(DeviceLostError);
    expect(submits).toBeGreaterThanOrEqual(3);
    await expect(program.run()).rejects.toThrow(DeviceLostError);
    await expect(program.read("y")).rejects.toThrow(DeviceLostError);
    await expect(variables.get("total")).rejects.toThrow(DeviceLostError);
    expect(() => {
      variables.set("other", { shape: [1], dtype: "f32" }, Float32Array.of(1));
    }).toThrow(DeviceLostError);
    await expect(backend.compile(long(), variables)).rejects.toThrow(DeviceLostError);
    program.dispose();
    variables.dispose();
  });

  test("rejects the reading and the compilation that are under way", async () => {
    const { backend, variables } = await lossy();
    const program = await backend.compile(long(), variables);
    await program.run();
    const pending = [program.read("y"), variables.get("total"), program.run(), backend.compile(long(), variables)];
    backend.device.destroy();
    for (const result of await Promise.allSettled(pending)) {
      expect(result.status).toBe("rejected");
      expect((result as PromiseRejectedResult).reason).toBeInstanceOf(DeviceLostError);
    }
  });

  test("that was disposed of says so", async () => {
    const { backend, variables } = await lossy();
    const program = await backend.compile(long(), variables);
    await program.run();
    backend.dispose();
    await expect(program.read("y")).rejects.toThrow(new DeviceLostError("webgpu", "disposed"));
    backend.dispose();
  });
});
