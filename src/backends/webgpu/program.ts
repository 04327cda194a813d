/** A recorded program: pipelines and bind groups made once, replayed at each run. */
import { MissingError, ShapeError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { MemoryReport, Program, RunOptions, Values } from "../backend.ts";
import type { Device } from "./device.ts";
import { storageUsage } from "./device.ts";
import type { Dispatch, Operand } from "./lowering.ts";
import type { Home, Plan } from "./plan.ts";
import { boundBytes, ownerOf, sourceName } from "./plan.ts";
import type { Profile } from "./profile.ts";
import type { WebGpuVariables } from "./variables.ts";
import { readBuffer } from "./variables.ts";

/** How long one submit should keep the device busy. */
const submitMilliseconds = 200;

/** Submits in flight; more would only delay cancelling. */
const submitsInFlight = 2;

interface Command {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
  readonly milliseconds: number;
}

interface Range {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** @see Program */
export class WebGpuProgram implements Program {
  readonly #device: Device;
  readonly #graph: Graph;
  readonly #homes: Plan["homes"];
  readonly #chunks: readonly GPUBuffer[];
  readonly #residents: ReadonlyMap<Tensor, GPUBuffer>;
  readonly #owned: readonly GPUBuffer[];
  readonly #batches: readonly (readonly Command[])[];
  readonly report: MemoryReport;

  private constructor(device: Device, graph: Graph, plan: Plan, memory: Memory, commands: readonly Command[]) {
    this.#device = device;
    this.#graph = graph;
    this.#homes = plan.homes;
    this.#chunks = memory.chunks;
    this.#residents = memory.residents;
    this.#owned = memory.owned;
    this.#batches = cut(commands);
    this.report = plan.report;
  }

  /** Allocates, compiles and records. @throws OutOfMemoryError, ShaderError, MissingError */
  static async record(
    device: Device,
    graph: Graph,
    plan: Plan,
    variables: WebGpuVariables,
    profile: Profile,
    label: string,
  ): Promise<WebGpuProgram> {
    const memory = await allocate(device, plan, variables, label);
    const pipelines = await device.orLost(
      Promise.all(plan.dispatches.map((d) => device.pipeline(d.shader, d.constants, d.bindings.length))),
    );
    const commands = plan.dispatches.map((dispatch, index) => ({
      pipeline: pipelines[index]!,
      bindGroup: bindGroup(device, dispatch, plan, memory),
      workgroups: dispatch.workgroups,
      milliseconds: estimate(dispatch, profile),
    }));
    return new WebGpuProgram(device, graph, plan, memory, commands);
  }

  async run(
    inputs: Readonly<Record<string, Values | number>> = {},
    options: RunOptions = {},
  ): Promise<"done" | "cancelled"> {
    this.#device.check();
    for (const [name, value] of Object.entries(inputs)) this.#write(name, value);
    const { queue } = this.#device.gpu;
    const pending: Promise<undefined>[] = [];
    let done = 0;
    for (const batch of this.#batches) {
      if (options.signal?.aborted) return "cancelled";
      const encoder = this.#device.gpu.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (const { pipeline, bindGroup, workgroups } of batch) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(...workgroups);
      }
      pass.end();
      queue.submit([encoder.finish()]);
      pending.push(queue.onSubmittedWorkDone());
      if (pending.length >= submitsInFlight) await this.#device.orLost(pending.shift()!);
      done += batch.length;
      options.onProgress?.(done, this.report.dispatches);
    }
    await this.#device.orLost(Promise.all(pending));
    return options.signal?.aborted === true && this.#batches.length > 1 && done < this.report.dispatches
      ? "cancelled"
      : "done";
  }

  async read(name: string): Promise<Values> {
    const tensor = this.#graph.outputs.get(name);
    if (!tensor)
      throw new MissingError("program", `output ${name}`, `it has ${[...this.#graph.outputs.keys()].join(", ")}`);
    const { buffer, offset } = locate(this.#homes.get(tensor)!, this.#chunks, this.#residents);
    return readBuffer(this.#device, buffer, offset, tensor.shape, tensor.dtype);
  }

  dispose(): void {
    for (const buffer of this.#owned) buffer.destroy();
  }

  #write(name: string, value: Values | number): void {
    const tensor = this.#graph.inputs.get(name);
    if (!tensor)
      throw new MissingError("program", `input ${name}`, `it has ${[...this.#graph.inputs.keys()].join(", ")}`);
    const buffer = this.#residents.get(tensor);
    if (!buffer) return; // pruned: nothing reads it
    const values =
      typeof value === "number" ? (tensor.dtype === "u32" ? Uint32Array.of(value) : Float32Array.of(value)) : value;
    if (values.length !== elementCount(tensor.shape))
      throw new ShapeError(`input ${name}`, tensor.shape, [values.length]);
    if (values instanceof Uint32Array !== (tensor.dtype === "u32"))
      throw new ShapeError(`input ${name}: element type`, tensor.dtype, values.constructor.name);
    this.#device.gpu.queue.writeBuffer(buffer, 0, values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
  }
}

interface Memory {
  readonly chunks: readonly GPUBuffer[];
  readonly residents: ReadonlyMap<Tensor, GPUBuffer>;
  readonly owned: readonly GPUBuffer[];
  /** Stands in for bindings that a switch turns off. */
  readonly spare: GPUBuffer;
}

async function allocate(device: Device, plan: Plan, variables: WebGpuVariables, label: string): Promise<Memory> {
  const homes = new Set([...plan.homes.values()].filter((home) => home.kind !== "arena"));
  const own = [...homes].filter((home) => home.kind !== "parameter");
  const sizes = [...plan.arena.chunkBytes, ...own.map(({ bytes }) => bytes), 16 * 256];
  const owned = await device.allocate(label, sizes, storageUsage());
  const chunks = owned.slice(0, plan.arena.chunkBytes.length);
  const residents = new Map<Tensor, GPUBuffer>();
  own.forEach((home, index) => residents.set(home.tensor, owned[chunks.length + index]!));
  for (const { kind, tensor } of homes) {
    if (kind === "parameter") residents.set(tensor, variables.buffer(sourceName(tensor), tensor.shape, tensor.dtype));
    const values = tensor.node.attributes["values"];
    if (kind === "constant" && values instanceof Float32Array) {
      device.gpu.queue.writeBuffer(
        residents.get(tensor)!,
        0,
        values.buffer as ArrayBuffer,
        values.byteOffset,
        values.byteLength,
      );
    }
  }
  return { chunks, residents, owned, spare: owned.at(-1)! };
}

function locate(home: Home, chunks: readonly GPUBuffer[], residents: ReadonlyMap<Tensor, GPUBuffer>): Range {
  return home.kind === "arena"
    ? { buffer: chunks[home.chunk]!, offset: home.offset, size: home.bytes }
    : { buffer: residents.get(home.tensor)!, offset: 0, size: home.bytes };
}

function bindGroup(device: Device, { bindings, shader }: Dispatch, plan: Plan, memory: Memory): GPUBindGroup {
  const ranges = bindings.map((operand, index): Range => {
    if (!operand) return { buffer: memory.spare, offset: index * 256, size: 256 };
    const home = plan.homes.get(ownerOf(operand))!;
    const { buffer, offset } = locate(home, memory.chunks, memory.residents);
    const start = "of" in operand ? operand.offset : 0;
    return { buffer, offset: offset + start, size: boundBytes(operand) };
  });
  checkAliases(shader, ranges);
  return device.gpu.createBindGroup({
    label: shader,
    layout: device.layout(bindings.length).group,
    entries: ranges.map(({ buffer, offset, size }, binding) => ({ binding, resource: { buffer, offset, size } })),
  });
}

/** Kernels bind everything as writable, so no two ranges may overlap. */
function checkAliases(shader: string, ranges: readonly Range[]): void {
  ranges.forEach((a, i) => {
    for (const b of ranges.slice(i + 1)) {
      if (a.buffer === b.buffer && a.offset < b.offset + b.size && b.offset < a.offset + a.size) {
        throw new ShapeError(shader, "disjoint operands", "one tensor bound twice");
      }
    }
  });
}

function estimate({ bindings, flops = 0 }: Dispatch, profile: Profile): number {
  const bytes = bindings.reduce((sum, operand: Operand) => sum + (operand ? boundBytes(operand) : 0), 0);
  return flops / profile.flopsPerMillisecond + bytes / profile.bytesPerMillisecond;
}

function cut(commands: readonly Command[]): Command[][] {
  const batches: Command[][] = [];
  let milliseconds = Infinity;
  for (const command of commands) {
    if (milliseconds + command.milliseconds > submitMilliseconds) {
      batches.push([]);
      milliseconds = 0;
    }
    batches.at(-1)!.push(command);
    milliseconds += command.milliseconds;
  }
  return batches;
}
