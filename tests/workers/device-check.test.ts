import { expect, test } from "vitest";
import { checkDevice } from "../../workers/device-check.ts";

const offering = (info: Partial<GPUAdapterInfo> | null): GPU =>
  ({ requestAdapter: async () => Promise.resolve(info && { info }) }) as unknown as GPU;

const empty = { vendor: "", architecture: "", device: "", description: "", isFallbackAdapter: false };

test("a browser without WebGPU is told apart from an insecure page", async () => {
  expect(await checkDevice(undefined, true)).toMatchObject({
    kind: "none",
    reason: expect.stringContaining("browser"),
  });
  expect(await checkDevice(undefined, false)).toMatchObject({ kind: "none", reason: expect.stringContaining("https") });
});

test("no adapter is no device", async () => {
  expect(await checkDevice(offering(null), true)).toMatchObject({ kind: "none" });
});

test("an emulated adapter is recognised with and without the browser's flag", async () => {
  const byName = await checkDevice(offering({ ...empty, vendor: "google", architecture: "swiftshader" }), true);
  const byFlag = await checkDevice(offering({ ...empty, vendor: "acme", isFallbackAdapter: true }), true);
  expect([byName.kind, byFlag.kind]).toEqual(["software", "software"]);
  expect(byName).toMatchObject({ name: "google swiftshader" });
});

test("a graphics processor is named", async () => {
  const check = await checkDevice(offering({ ...empty, vendor: "nvidia", architecture: "ampere" }), true);
  expect(check).toEqual({ kind: "gpu", name: "nvidia ampere" });
});
