/** The browser's adapter with its real limits, opened as the lab does. */
export const openDevice = async (): Promise<{ device: GPUDevice; adapter: GPUAdapter }> => {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("bench: expected a WebGPU adapter, got none");
  const limits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const value: unknown = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof value === "number") limits[name] = value;
  }
  const wanted: GPUFeatureName[] = ["shader-f16", "subgroups"];
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  return { device: await adapter.requestDevice({ requiredFeatures, requiredLimits: limits }), adapter };
};
