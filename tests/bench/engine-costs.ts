/** What the engine itself costs: time a dispatch, and memory that replays leave behind. */
import type { Backend, Program } from "../../src/backends/backend.ts";
import type { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { trace } from "../../src/graph/graph.ts";
import { affine } from "../../src/graph/ops/elementwise.ts";

const DISPATCHES = 1000;
const REPLAYS = 10_000;

/** A program of as many dispatches of one workgroup, each reading what the last one wrote. */
const chain = async (backend: Backend, dispatches: number): Promise<Program> => {
  const graph = trace((g) => {
    let x = g.input("x", [64]);
    for (let i = 0; i < dispatches; i++) x = affine(x, 1, 1);
    return { x };
  });
  return backend.compile(graph, backend.variables());
};

/** Microseconds a dispatch when a program of 1000 tiny ones is replayed: the best of thirty replays, waiting included. */
export const dispatchMicroseconds = async (backend: WebGpuBackend): Promise<number> => {
  const program = await chain(backend, DISPATCHES);
  await program.run({ x: new Float32Array(64) });
  let best = Infinity;
  for (let i = 0; i < 30; i++) {
    const started = performance.now();
    await program.run();
    best = Math.min(best, performance.now() - started);
  }
  const [first] = await program.read("x");
  if (first !== DISPATCHES)
    throw new Error(`bench: ${String(DISPATCHES)} additions: expected ${String(DISPATCHES)}, got ${String(first)}`);
  program.dispose();
  return (best / program.report.dispatches) * 1000;
};

/** What 10,000 replays left behind. */
export interface Growth {
  readonly replays: number;
  /** Bytes of buffers that the device still holds beyond those before. */
  readonly deviceBytes: number;
  /** Buffers, bind groups and pipelines made during the replays. */
  readonly objectsMade: number;
  /** Growth of the heap of scripts between two collections; null where the browser does not tell. */
  readonly heapBytes: number | null;
}

/** Replays a small program with a new input each time and counts what the device and the heap keep. */
export const bytesGrown = async (backend: WebGpuBackend): Promise<Growth> => {
  const program = await chain(backend, 4);
  const input = new Float32Array(64);
  const replay = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      input.fill(i);
      await program.run({ x: input });
    }
  };
  // Until the browser has compiled what runs here and keeps nothing more of it.
  await replay(2 * REPLAYS);
  const heapBefore = await heapBytes();
  const counts = countObjects(backend.device);
  await replay(REPLAYS);
  counts.stop();
  const heapAfter = await heapBytes();
  const [first] = await program.read("x");
  if (first !== REPLAYS - 1 + 4)
    throw new Error(`bench: last replay: expected ${String(REPLAYS + 3)}, got ${String(first)}`);
  program.dispose();
  return {
    replays: REPLAYS,
    deviceBytes: counts.bytes,
    objectsMade: counts.made,
    heapBytes: heapBefore === null || heapAfter === null ? null : heapAfter - heapBefore,
  };
};

interface Counts {
  bytes: number;
  made: number;
  stop(): void;
}

/** Counts buffers, bind groups and pipelines that a device makes, and bytes that stay. */
const countObjects = (device: GPUDevice): Counts => {
  const { createBuffer, createBindGroup, createComputePipelineAsync } = device;
  const counts: Counts = {
    bytes: 0,
    made: 0,
    stop: () => void Object.assign(device, { createBuffer, createBindGroup, createComputePipelineAsync }),
  };
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer.call(device, descriptor);
    const destroy = buffer.destroy.bind(buffer);
    counts.made++;
    counts.bytes += descriptor.size;
    buffer.destroy = () => {
      counts.bytes -= descriptor.size;
      return void destroy();
    };
    return buffer;
  };
  device.createBindGroup = (descriptor) => {
    counts.made++;
    return createBindGroup.call(device, descriptor);
  };
  device.createComputePipelineAsync = (descriptor) => {
    counts.made++;
    return createComputePipelineAsync.call(device, descriptor);
  };
  return counts;
};

/** The heap of scripts after collections, where the browser offers them (`--js-flags=--expose-gc`) and this is a page. */
const heapBytes = async (): Promise<number | null> => {
  const { gc } = globalThis as { gc?: () => void };
  const { memory } = performance as { memory?: { usedJSHeapSize: number } };
  if (!gc || !memory) return null;
  // What a collection finds may only go once its finalizers have run.
  for (let i = 0; i < 3; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  gc();
  return memory.usedJSHeapSize;
};
