/** The WebGPU backend in Node, opened once a test file. */
import { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { openNodeDevice } from "../../src/cli/node-device.ts";

let opened: Promise<WebGpuBackend> | undefined;

/** The backend on the machine's adapter. @throws AdapterError when there is none: a test without an adapter fails */
export function nodeBackend(): Promise<WebGpuBackend> {
  opened ??= openNodeDevice().then(({ device, adapter }) => new WebGpuBackend(device, adapter.info));
  return opened;
}

let openedAsGpu: Promise<WebGpuBackend> | undefined;

/** The same adapter taken for a GPU, so that the kernels with workgroup memory run too. */
export function gpuKernelBackend(): Promise<WebGpuBackend> {
  openedAsGpu ??= openNodeDevice().then(({ device, adapter }) => {
    const backend = new WebGpuBackend(device, adapter.info);
    Object.assign(backend.profile, { name: "gpu" });
    return backend;
  });
  return openedAsGpu;
}
