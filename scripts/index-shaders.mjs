// Writes shaders/index.ts: one import a WGSL file. Run it after adding, renaming or removing a shader.
import { readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("../shaders/", import.meta.url);

/** The text of shaders/index.ts for the files that are there. */
export function shaderIndex() {
  const paths = readdirSync(folder, { recursive: true })
    .map((path) => String(path).split("\\").join("/"))
    .filter((path) => path.endsWith(".wgsl"))
    .sort();
  const name = (/** @type {string} */ path) =>
    path.replace(/\.wgsl$/, "").replace(/[/_]([a-z0-9])/g, (_, /** @type {string} */ letter) => letter.toUpperCase());
  return [
    "/** Every shader's text by its path. Written by scripts/index-shaders.mjs. */",
    ...paths.map((path) => `import ${name(path)} from "./${path}";`),
    "",
    "/** File texts by path below `shaders/`. */",
    "export const shaderSources: ReadonlyMap<string, string> = new Map([",
    ...paths.map((path) => `  ["${path}", ${name(path)}],`),
    "]);",
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(new URL("index.ts", folder), shaderIndex());
