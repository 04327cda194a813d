import { WebGpuBackend } from "../../src/backends/webgpu/backend.ts";
import type { Growth } from "./engine-costs.ts";
import { bytesGrown } from "./engine-costs.ts";
import { openDevice } from "./open-device.ts";

/** What replays leave behind, measured in the page itself: workers are not told the size of their heap. */
export const growth = async (): Promise<Growth> => {
  const { device, adapter } = await openDevice();
  const backend = new WebGpuBackend(device, adapter.info);
  try {
    return await bytesGrown(backend);
  } finally {
    backend.dispose();
  }
};
