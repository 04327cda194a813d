/** Every shader's text by its path. Written by scripts/index-shaders.mjs. */
import elementwiseBinary from "./elementwise/binary.wgsl";
import libActivation from "./lib/activation.wgsl";
import libLine from "./lib/line.wgsl";

/** File texts by path below `shaders/`. */
export const shaderSources: ReadonlyMap<string, string> = new Map([
  ["elementwise/binary.wgsl", elementwiseBinary],
  ["lib/activation.wgsl", libActivation],
  ["lib/line.wgsl", libLine],
]);
