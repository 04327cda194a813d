import { readFile } from "node:fs/promises";
import { defineConfig, type Plugin } from "vite";

/** Imports of shaders and YAML documents give their text, as they do in the Node bundle. */
export const textFiles = (): Plugin => ({
  name: "text-files",
  enforce: "pre",
  async load(id) {
    const path = id.split("?")[0] ?? id;
    if (!/\.(wgsl|yaml)$/.test(path)) return null;
    this.addWatchFile(path);
    return { code: `export default ${JSON.stringify(await readFile(path, "utf8"))};`, moduleType: "js" };
  },
});

export default defineConfig({
  plugins: [textFiles()],
  worker: { format: "es", plugins: () => [textFiles()] },
  server: { strictPort: false },
  build: { target: "es2022", sourcemap: true },
});
