import { describe, expect, test } from "vitest";
import { openNodeDevice } from "../../src/cli/node-device.ts";
import { AdapterError } from "../../src/errors.ts";

describe.each([undefined, "swiftshader"])("the device of adapter %s", (name) => {
  test("has the adapter's own limits and computes", async () => {
    const { device, adapter } = await openNodeDevice({ adapter: name });
    expect(device.limits.maxStorageBufferBindingSize).toBe(adapter.limits.maxStorageBufferBindingSize);
    expect(device.limits.maxBufferSize).toBe(adapter.limits.maxBufferSize);
    expect(await squares(device)).toEqual([0, 1, 4, 9, 16, 25, 36, 49]);
    device.destroy();
  });
});

test("an adapter that is not there is an AdapterError that names it", async () => {
  await expect(openNodeDevice({ adapter: "no-such-adapter" })).rejects.toThrow(AdapterError);
  await expect(openNodeDevice({ adapter: "no-such-adapter" })).rejects.toThrow(/no-such-adapter/);
});

/** Squares 0 to 7 by a compute shader. */
const squares = async (device: GPUDevice): Promise<number[]> => {
  const code = `
    @group(0) @binding(0) var<storage, read_write> out: array<u32>;
    @compute @workgroup_size(8) fn main(@builtin(global_invocation_id) id: vec3u) { out[id.x] = id.x * id.x; }`;
  const pipeline = device.createComputePipeline({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }) },
  });
  const out = device.createBuffer({ size: 32, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const back = device.createBuffer({ size: 32, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: out }] }),
  );
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(out, 0, back, 0, 32);
  device.queue.submit([encoder.finish()]);
  await back.mapAsync(GPUMapMode.READ);
  return [...new Uint32Array(back.getMappedRange())];
};
