/** Asks an adapter for a device with all that it has. */
import { AdapterError } from "../../errors.ts";
import { WebGpuBackend } from "./backend.ts";

const wantedFeatures: readonly GPUFeatureName[] = ["shader-f16", "subgroups", "timestamp-query"];

/**
 * Opens a device with the adapter's real limits, and with `shader-f16`, `subgroups` and `timestamp-query` where it has them.
 *
 * @param required features without which the device is of no use
 * @param where names the caller in errors
 * @throws AdapterError when the adapter lacks a required feature
 */
export async function requestDevice(
  adapter: GPUAdapter,
  required: readonly GPUFeatureName[] = [],
  where = "webgpu",
): Promise<GPUDevice> {
  const missing = required.filter((feature) => !adapter.features.has(feature));
  if (missing.length > 0) throw new AdapterError(where, `${adapter.info.description} lacks ${missing.join(", ")}`);
  const wanted = wantedFeatures.filter((feature) => adapter.features.has(feature));
  return adapter.requestDevice({
    requiredFeatures: [...new Set([...wanted, ...required])],
    requiredLimits: limitsOf(adapter),
  });
}

/**
 * Every limit of an adapter by its name, as `requestDevice` takes them.
 *
 * @param adapter any WebGPU adapter
 */
export function limitsOf(adapter: GPUAdapter): Record<string, number> {
  const limits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const value: unknown = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof value === "number") limits[name] = value;
  }
  return limits;
}

/** How long one submit may keep a device on which a page is drawn. */
const watchedMilliseconds = 50;

/**
 * The backend of a browser's page or worker. A person watches the page, which the same device draws, so submits are short.
 *
 * @param gpu `navigator.gpu`, absent where the browser has no WebGPU
 * @throws AdapterError when there is no WebGPU, or no adapter
 */
export async function openBrowserBackend(gpu: GPU | undefined): Promise<WebGpuBackend> {
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter)
    throw new AdapterError("browser", gpu ? "WebGPU offers no adapter on this machine" : "there is no WebGPU here");
  const device = await requestDevice(adapter, [], "browser");
  return new WebGpuBackend(device, adapter.info, { submitMilliseconds: watchedMilliseconds });
}
