/** Where a program's tensors lie: its buffers, and what each dispatch binds of them. */
import { ShapeError } from "../../errors.ts";
import { aligned } from "../../graph/passes/arena.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Device } from "./device.ts";
import { storageUsage } from "./device.ts";
import type { Dispatch } from "./lowering.ts";
import type { Home, Plan } from "./plan.ts";
import { boundBytes, ownerOf, sourceName, tensorBytes } from "./plan.ts";
import type { SizesBuffer } from "./sizes.ts";
import { writeSizes } from "./sizes.ts";
import type { WebGpuVariables } from "./variables.ts";

/** Bytes of a buffer. */
interface Range {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** The buffers of one program, by where its plan has its tensors. */
export interface Memory {
  readonly chunks: readonly GPUBuffer[];
  readonly residents: ReadonlyMap<Tensor, GPUBuffer>;
  readonly owned: readonly GPUBuffer[];
  readonly uniforms: SizesBuffer | undefined;
}

/**
 * Allocates what a plan needs beside its variables, and writes its constants and sizes.
 *
 * @throws OutOfMemoryError where the device has no room; nothing stays allocated then
 */
export async function allocate(device: Device, plan: Plan, variables: WebGpuVariables, label: string): Promise<Memory> {
  await variables.settled();
  const residents = new Map<Tensor, GPUBuffer>();
  const own: Tensor[] = [];
  for (const home of new Set(plan.homes.values())) {
    if (home.kind === "arena") continue;
    const { tensor } = home;
    if (home.kind !== "parameter") own.push(tensor);
    else residents.set(tensor, variables.buffer(sourceName(tensor), tensor.shape, tensor.dtype));
  }
  const sizes = [...plan.arena.chunkBytes, ...own.map((tensor) => aligned(tensorBytes(tensor)))];
  const owned = await device.allocate(label, sizes, storageUsage());
  const uniforms = await writeSizes(device, [...plan.preparations, ...plan.dispatches], label).catch(
    (error: unknown) => {
      for (const buffer of owned) buffer.destroy();
      throw error;
    },
  );
  const chunks = owned.slice(0, plan.arena.chunkBytes.length);
  own.forEach((tensor, index) => {
    const buffer = owned[chunks.length + index]!;
    residents.set(tensor, buffer);
    const values = tensor.node.attributes["values"];
    if (tensor.node.op !== "constant" || !(values instanceof Float32Array)) return;
    device.gpu.queue.writeBuffer(buffer, 0, values.buffer, values.byteOffset, values.byteLength);
  });
  return { chunks, residents, owned: uniforms ? [...owned, uniforms.buffer] : owned, uniforms };
}

function locate(home: Home, chunks: readonly GPUBuffer[], residents: ReadonlyMap<Tensor, GPUBuffer>): Range {
  return home.kind === "arena"
    ? { buffer: chunks[home.chunk]!, offset: home.offset, size: home.bytes }
    : { buffer: residents.get(home.tensor)!, offset: 0, size: home.bytes };
}

/**
 * The bind group of one dispatch: its operands in order, then its sizes.
 *
 * @throws ShapeError when two of them overlap
 */
export function bindGroup(device: Device, dispatch: Dispatch, plan: Plan, memory: Memory): GPUBindGroup {
  const { bindings, shader } = dispatch;
  const ranges = bindings.map((operand, index): Range => {
    if (!operand) return { buffer: device.spare, offset: index * 256, size: 256 };
    const home = plan.homes.get(ownerOf(operand))!;
    const { buffer, offset } = locate(home, memory.chunks, memory.residents);
    const start = "of" in operand ? operand.offset : 0;
    return { buffer, offset: offset + start, size: boundBytes(operand) };
  });
  checkAliases(shader, ranges);
  const resources: GPUBufferBinding[] = dispatch.sizes ? [...ranges, memory.uniforms!.binding(dispatch)] : ranges;
  return device.gpu.createBindGroup({
    label: shader,
    layout: device.layout(dispatch).group,
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });
}

/** Kernels bind everything as writable, so no two ranges may overlap. */
function checkAliases(shader: string, ranges: readonly Range[]): void {
  const text = (range: Range): string =>
    `${String(ranges.indexOf(range))} (${String(range.size)} bytes at ${String(range.offset)})`;
  ranges.forEach((a, i) => {
    for (const b of ranges.slice(i + 1)) {
      if (a.buffer === b.buffer && a.offset < b.offset + b.size && b.offset < a.offset + a.size) {
        throw new ShapeError(shader, "disjoint operands", `bindings ${text(a)} and ${text(b)} of one buffer`);
      }
    }
  });
}
