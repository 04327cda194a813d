import { mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./say.mjs";

/**
 * Bundles a TypeScript entry for Node; packages stay outside, shaders and YAML become text.
 *
 * @param {string} entry relative to the repository's root
 * @returns {Promise<string>} the path of the bundle
 */
export const bundleForNode = async (entry) => {
  const { build } = await import("esbuild");
  const folder = join(root, ".cache", "build");
  mkdirSync(folder, { recursive: true });
  const name = entry.replaceAll(/[\\/]/g, "-").replace(/\.tsx?$/, ".mjs");
  const temporary = join(folder, `.${String(process.pid)}-${basename(name)}`);
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: temporary,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    loader: { ".wgsl": "text", ".yaml": "text" },
    logLevel: "warning",
  });
  // Renamed in one step, so that a second command that starts now never reads half a file.
  const path = join(folder, name);
  renameSync(temporary, path);
  return path;
};
