import { create, globals } from "webgpu";
import { AdapterError } from "../errors.ts";

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

const wantedFeatures: readonly GPUFeatureName[] = ["shader-f16", "subgroups", "timestamp-query"];

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
  const missing = (options.requiredFeatures ?? []).filter((feature) => !adapter.features.has(feature));
  if (missing.length > 0) {
    throw new AdapterError("node device", `${adapter.info.description} lacks ${missing.join(", ")}`);
  }
  const wanted = wantedFeatures.filter((feature) => adapter.features.has(feature));
  const device = await adapter.requestDevice({
    requiredFeatures: [...new Set([...wanted, ...(options.requiredFeatures ?? [])])],
    requiredLimits: limitsOf(adapter),
  });
  return { device, adapter };
};

/**
 * Every limit of an adapter by its name, as `requestDevice` takes them.
 *
 * @param adapter any WebGPU adapter
 */
export const limitsOf = (adapter: GPUAdapter): Record<string, number> => {
  const limits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const value: unknown = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof value === "number") limits[name] = value;
  }
  return limits;
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
