/** The uniforms of a program's kernels: all sizes in one buffer, written once. */
import type { Device } from "./device.ts";
import type { Dispatch } from "./lowering.ts";

/** Uniform offsets are multiples of this on every adapter. */
const slot = 256;

/** Where each dispatch's sizes lie. */
export interface SizesBuffer {
  readonly buffer: GPUBuffer;
  /** The binding of a dispatch that has sizes. */
  binding(dispatch: Dispatch): GPUBufferBinding;
}

const keyOf = ({ sizes = {} }: Dispatch): string => Object.values(sizes).join(" ");

/** The slot of each set of sizes; equal sizes share one. */
function slotsOf(dispatches: readonly Dispatch[]): Map<string, number> {
  const slots = new Map<string, number>();
  for (const dispatch of dispatches) {
    if (dispatch.sizes && !slots.has(keyOf(dispatch))) slots.set(keyOf(dispatch), slots.size);
  }
  return slots;
}

/** Bytes of the buffer that `writeSizes` makes. */
export const sizesBytes = (dispatches: readonly Dispatch[]): number => slotsOf(dispatches).size * slot;

/**
 * Writes the sizes of dispatches into one buffer.
 * @returns undefined when no dispatch has sizes
 * @throws OutOfMemoryError
 */
export async function writeSizes(
  device: Device,
  dispatches: readonly Dispatch[],
  label: string,
): Promise<SizesBuffer | undefined> {
  const slots = slotsOf(dispatches);
  if (slots.size === 0) return undefined;
  const words = new Uint32Array((slots.size * slot) / 4);
  for (const dispatch of dispatches) {
    if (dispatch.sizes) words.set(Object.values(dispatch.sizes), (slots.get(keyOf(dispatch))! * slot) / 4);
  }
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const [buffer] = (await device.allocate(`${label}: sizes`, [words.byteLength], usage)) as [GPUBuffer];
  device.gpu.queue.writeBuffer(buffer, 0, words);
  return { buffer, binding: (dispatch) => ({ buffer, offset: slots.get(keyOf(dispatch))! * slot, size: slot }) };
}
