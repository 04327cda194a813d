import { createReadStream, existsSync, statSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
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

/** Serves the worlds that `npm run world` built below `/world/`; a build takes them along where they are. */
const builtWorlds = (folder = "world"): Plugin => {
  let outDir = "dist";
  return {
    name: "built-worlds",
    configResolved: (config) => {
      outDir = config.build.outDir;
    },
    configureServer: (server) => {
      server.middlewares.use("/world/", (request, response, next) => {
        const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
        const file = join(folder, normalize(`/${path}`));
        if (!existsSync(file) || !statSync(file).isFile()) next();
        else createReadStream(file).pipe(response.setHeader("Content-Type", "application/octet-stream"));
      });
    },
    closeBundle: async () => {
      if (existsSync(folder)) await cp(folder, join(outDir, "world"), { recursive: true });
    },
  };
};

export default defineConfig({
  plugins: [textFiles(), builtWorlds()],
  worker: { format: "es", plugins: () => [textFiles()] },
  server: { strictPort: false },
  build: { target: "es2022", sourcemap: true },
});
