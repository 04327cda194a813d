/** The WebGPU backend in a browser's worker, opened once a worker. */
import type { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import { openBrowserBackend } from "../../src/backends/webgpu/request-device.ts";

let opened: Promise<WebGpuBackend> | undefined;

/** The backend on the browser's adapter. @throws AdapterError when there is none: a test without an adapter fails */
export function browserBackend(): Promise<WebGpuBackend> {
  opened ??= openBrowserBackend((navigator as { readonly gpu?: GPU }).gpu);
  return opened;
}
