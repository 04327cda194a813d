/** The adapter that a worker sees, or null. */
export const describeAdapter = async (): Promise<{ vendor: string; architecture: string } | null> => {
  const adapter = await navigator.gpu.requestAdapter();
  return adapter && { vendor: adapter.info.vendor, architecture: adapter.info.architecture };
};

/** Multiplies every value by `factor` on the GPU. */
export const scale = async (values: Float32Array, factor: number): Promise<Float32Array> => {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("no adapter");
  const device = await adapter.requestDevice();
  const code = `
    @group(0) @binding(0) var<storage, read_write> values: array<f32>;
    override factor: f32;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x < arrayLength(&values)) { values[id.x] *= factor; }
    }`;
  const pipeline = await device.createComputePipelineAsync({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }), constants: { factor } },
  });
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: values.byteLength, usage });
  const back = device.createBuffer({
    size: values.byteLength,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(buffer, 0, new Float32Array(values));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: buffer }] }),
  );
  pass.dispatchWorkgroups(Math.ceil(values.length / 64));
  pass.end();
  encoder.copyBufferToBuffer(buffer, 0, back, 0, values.byteLength);
  device.queue.submit([encoder.finish()]);
  await back.mapAsync(GPUMapMode.READ);
  return new Float32Array(back.getMappedRange().slice(0));
};

/** Fails, so that a test can see how failures arrive. */
export const fail = (message: string): never => {
  throw new RangeError(message);
};
