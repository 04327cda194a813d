import type { DeviceCheck } from "./lab-api.ts";

/** Adapters that emulate a GPU on the processor; the browser's own flag is not set for all of them. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|warp|basic render/i;

/**
 * Asks the browser for a WebGPU adapter.
 *
 * @param gpu `navigator.gpu`, absent where the browser has no WebGPU or the page is not served securely
 * @param isSecure `isSecureContext`
 */
export const checkDevice = async (gpu: GPU | undefined, isSecure: boolean): Promise<DeviceCheck> => {
  if (gpu === undefined) {
    const reason = isSecure
      ? "this browser has no WebGPU"
      : "WebGPU is only offered to pages from https or from this computer";
    return { kind: "none", reason };
  }
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return { kind: "none", reason: "the browser has WebGPU but offers no adapter on this machine" };
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture, device].filter((part) => part !== "").join(" ");
  const isSoftware = isFallbackAdapter || softwareNames.test([vendor, architecture, device, description].join(" "));
  return { kind: isSoftware ? "software" : "gpu", name: name || "an adapter that does not say its name" };
};
