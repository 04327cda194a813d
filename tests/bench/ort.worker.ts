import * as ort from "onnxruntime-web/webgpu";
import type { Library, Prepared } from "./library.ts";
import { serve } from "./library.ts";
import { onnxModel } from "./onnx-model.ts";
import type { OrtProblem } from "./ort-graphs.ts";
import { ortProblem } from "./ort-graphs.ts";

const open = (): Promise<Library> => {
  ort.env.wasm.wasmPaths = { wasm: "/ort/ort-wasm-simd-threaded.asyncify.wasm" };
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  return Promise.resolve({
    prepare: async (problem) => {
      const made = ortProblem(problem);
      return made && prepare(made);
    },
  });
};

/** Inputs and output stay on the device; a run ends when its queue is empty. */
const prepare = async ({ graph, inputs, fromOutput }: OrtProblem): Promise<Prepared> => {
  const session = await ort.InferenceSession.create(onnxModel(graph), {
    executionProviders: ["webgpu"],
    preferredOutputLocation: "gpu-buffer",
  });
  // The runtime's own device, which the first session opens.
  const device = await ort.env.webgpu.device;
  const given = Object.fromEntries(
    Object.entries(inputs).map(([name, values]) => [name, onDevice(device, values, graph.inputs[name]!)]),
  );
  return {
    run: async () => {
      const { y } = await session.run(given);
      await device.queue.onSubmittedWorkDone();
      y!.dispose();
    },
    values: async () => {
      const { y } = await session.run(given);
      return fromOutput((await y!.getData(true)) as Float32Array);
    },
  };
};

const onDevice = (device: GPUDevice, values: Float32Array, shape: readonly number[]): ort.Tensor => {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const buffer = device.createBuffer({ size: values.byteLength, usage });
  device.queue.writeBuffer(buffer, 0, values.buffer, values.byteOffset, values.byteLength);
  return ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims: shape });
};

serve(open);
