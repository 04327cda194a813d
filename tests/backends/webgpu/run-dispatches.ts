/** Runs lowered dispatches by themselves, over memory filled with NaN. */
import { shaderSources } from "../../../shaders/index.ts";
import { Device, storageUsage } from "../../../src/backends/webgpu/device.ts";
import type { Dispatch, LoweringContext, Operand } from "../../../src/backends/webgpu/lowering.ts";
import { boundBytes, ownerOf } from "../../../src/backends/webgpu/plan.ts";
import { writeSizes } from "../../../src/backends/webgpu/sizes.ts";
import type { Profile, ProfileName } from "../../../src/backends/webgpu/profile.ts";
import { profileOf } from "../../../src/backends/webgpu/profile.ts";
import { openNodeDevice } from "../../../src/cli/node-device.ts";
import { elementCount } from "../../../src/graph/tensor.ts";

type Owner = ReturnType<typeof ownerOf>;

/** A device for kernel tests. */
export interface KernelDevice {
  readonly device: Device;
  readonly profile: Profile;
}

/** Opens the adapter that the environment names. */
export async function openKernelDevice(): Promise<KernelDevice> {
  const { device, adapter } = await openNodeDevice();
  return {
    device: new Device(device, shaderSources),
    profile: profileOf(adapter.info, device.limits, device.features),
  };
}

/** The dispatches that a lowering emits for an adapter of this kind. */
export function lowered(profile: Profile, name: ProfileName, lower: (context: LoweringContext) => void): Dispatch[] {
  const dispatches: Dispatch[] = [];
  lower({
    profile: { ...profile, name },
    scratch: (bytes, label) => ({ scratch: label, bytes: Math.ceil(bytes / 16) * 16 }),
    dispatch: (dispatch) => dispatches.push(dispatch),
  });
  return dispatches;
}

/**
 * Runs dispatches in order.
 * @param values of the inputs; all other memory begins as NaN
 * @param shape of the result
 */
export async function runDispatches(
  { device }: KernelDevice,
  dispatches: readonly Dispatch[],
  values: ReadonlyMap<Operand, Float32Array>,
  result: Exclude<Operand, null>,
  shape: readonly number[],
): Promise<Float32Array> {
  const buffers = new Map<Owner, GPUBuffer>();
  const bufferOf = (operand: Exclude<Operand, null>): GPUBuffer => {
    const owner = ownerOf(operand);
    const known = buffers.get(owner);
    if (known) return known;
    const bytes = Math.max(256, boundBytes(owner));
    const buffer = device.gpu.createBuffer({ size: bytes, usage: storageUsage() });
    const content = new Float32Array(bytes / 4).fill(NaN);
    content.set(values.get(owner) ?? []);
    device.gpu.queue.writeBuffer(buffer, 0, content);
    buffers.set(owner, buffer);
    return buffer;
  };
  const spares = Array.from({ length: 8 }, () => device.gpu.createBuffer({ size: 256, usage: storageUsage() }));
  const uniforms = await writeSizes(device, dispatches, "test");
  for (const dispatch of dispatches) {
    const { bindings, workgroups } = dispatch;
    const pipeline = await device.pipeline(dispatch);
    const encoder = device.gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const resources: GPUBufferBinding[] = bindings.map((operand, binding) => {
      if (!operand) return { buffer: spares[binding]! };
      return { buffer: bufferOf(operand), ...("of" in operand ? { offset: operand.offset, size: operand.bytes } : {}) };
    });
    if (dispatch.sizes) resources.push(uniforms!.binding(dispatch));
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    pass.setBindGroup(0, device.gpu.createBindGroup({ layout: device.layout(dispatch).group, entries }));
    pass.dispatchWorkgroups(...workgroups);
    pass.end();
    device.gpu.queue.submit([encoder.finish()]);
  }
  const answer = await readBack(device.gpu, bufferOf(result), elementCount(shape));
  for (const buffer of [...buffers.values(), ...spares]) buffer.destroy();
  uniforms?.buffer.destroy();
  return answer;
}

async function readBack(gpu: GPUDevice, buffer: GPUBuffer, count: number): Promise<Float32Array> {
  const staging = gpu.createBuffer({ size: count * 4, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = gpu.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, count * 4);
  gpu.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return values;
}
