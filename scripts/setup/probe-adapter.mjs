/** Asks Dawn for an adapter under the Vulkan drivers that the environment names; prints one line of JSON. */
import { create } from "webgpu";

const name = process.env["ROG_ADAPTER"];
// dawn.node crashes when the object that `create` gives is collected while it is in use.
const gpu = create(name ? [`adapter=${name}`] : []);
/** @type {GPUAdapter | null} */
let adapter = null;
try {
  adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
} catch (error) {
  console.log(JSON.stringify({ reason: String(error).split("\n")[0] }));
}
if (adapter) {
  const { vendor, architecture, device, description } = adapter.info;
  const software = /llvmpipe|lavapipe|swiftshader|softpipe|basic render/i.test(
    [architecture, device, description].join(),
  );
  await adapter.requestDevice();
  console.log(JSON.stringify({ vendor, architecture, device, description, software }));
}
process.exit(gpu ? 0 : 1);
