/** What kind of adapter this is: kernels come in variants, and the profile picks them. */

/** `gpu`: workgroup memory is fast. `lavapipe`, `swiftshader`: a CPU runs the shaders, and registers are everything. */
export type ProfileName = "gpu" | "lavapipe" | "swiftshader";

/** What kernels and plans may count on. */
export interface Profile {
  readonly name: ProfileName;
  /** Bytes of the largest binding. */
  readonly maxBindingBytes: number;
  /** Bytes of the largest buffer. */
  readonly maxBufferBytes: number;
  /** Invocations of every subgroup, or 0 where that is not known or the device has no subgroups. */
  readonly subgroupSize: number;
  /** Assumed rate of arithmetic, to cut submits to a time budget. */
  readonly flopsPerMillisecond: number;
  /** Assumed rate of memory traffic, likewise. */
  readonly bytesPerMillisecond: number;
}

const rates: Readonly<Record<ProfileName, readonly [number, number]>> = {
  gpu: [2e9, 1e8],
  lavapipe: [3e7, 2e6],
  swiftshader: [2e6, 5e5],
};

/**
 * Recognises the adapter by its own description.
 * @param info any field may be empty
 * @param features of the device
 */
export function profileOf(
  info: Partial<GPUAdapterInfo>,
  limits: GPUSupportedLimits,
  features: ReadonlySet<string>,
): Profile {
  const text =
    `${info.vendor ?? ""} ${info.architecture ?? ""} ${info.device ?? ""} ${info.description ?? ""}`.toLowerCase();
  const name: ProfileName = text.includes("swiftshader")
    ? "swiftshader"
    : /llvmpipe|lavapipe|software|warp/.test(text)
      ? "lavapipe"
      : "gpu";
  const [flopsPerMillisecond, bytesPerMillisecond] = rates[name];
  return {
    name,
    maxBindingBytes: limits.maxStorageBufferBindingSize,
    maxBufferBytes: limits.maxBufferSize,
    subgroupSize:
      features.has("subgroups") && info.subgroupMinSize === info.subgroupMaxSize ? (info.subgroupMinSize ?? 0) : 0,
    flopsPerMillisecond,
    bytesPerMillisecond,
  };
}
