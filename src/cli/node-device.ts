import { create, globals } from "webgpu";
import { profileOf } from "../backends/webgpu/profile.ts";
import { requestDevice } from "../backends/webgpu/request-device.ts";
import { AdapterError } from "../errors.ts";
import { restWhileWaiting } from "./rest-while-waiting.ts";

/** Which adapter to open and what to ask of it. */
export interface NodeDeviceOptions {
  /** Part of the adapter's name, such as `llvmpipe` or `swiftshader`; else ROG_ADAPTER, else Dawn's choice. */
  readonly adapter?: string | undefined;
  /** Features without which the device is of no use. */
  readonly requiredFeatures?: readonly GPUFeatureName[];
}

/** A device with its adapter. */
export interface NodeDevice {
  readonly device: GPUDevice;
  readonly adapter: GPUAdapter;
}

/** Dawn compares names letter by letter. */
const adapterNames: Readonly<Record<string, string>> = {
  swiftshader: "SwiftShader",
  lavapipe: "llvmpipe",
  llvmpipe: "llvmpipe",
};

// dawn.node crashes when what `create` gave is collected while its devices live.
const instances: GPU[] = [];

/**
 * Opens a WebGPU device in Node with the adapter's real limits, and with `shader-f16`, `subgroups` and
 * `timestamp-query` where it has them.
 *
 * @throws AdapterError when there is no adapter, none of that name, or it lacks a required feature
 */
export const openNodeDevice = async (options: NodeDeviceOptions = {}): Promise<NodeDevice> => {
  const adapter = await requestAdapter(options.adapter ?? process.env["ROG_ADAPTER"]);
  const device = await requestDevice(adapter, options.requiredFeatures, "node device");
  if (profileOf(adapter.info, device.limits, new Set()).name !== "gpu") restWhileWaiting(device);
  return { device, adapter };
};

const requestAdapter = async (wish: string | undefined): Promise<GPUAdapter> => {
  Object.assign(globalThis, globals);
  const name = wish === undefined || wish === "" ? null : (adapterNames[wish.toLowerCase()] ?? wish);
  const gpu = create(name === null ? [] : [`adapter=${name}`]);
  instances.push(gpu);
  let reason = "no adapter; `npm run -s rog -- doctor --fresh-setup` says what was tried";
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (adapter) return adapter;
  } catch (error) {
    reason = error instanceof Error ? error.message.replaceAll(/\s+/g, " ") : String(error);
  }
  throw new AdapterError(name === null ? "node device" : `node device ${name}`, reason);
};
