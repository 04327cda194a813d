import { createReadStream, existsSync, statSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import basicSsl from "@vitejs/plugin-basic-ssl";
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

/** Lists what a build wrote of the page itself, for the service worker that keeps it. */
const pageFiles = (): Plugin => ({
  name: "page-files",
  generateBundle(_, bundle) {
    const files = Object.keys(bundle).filter((path) => /\.(js|css)$/.test(path) && path !== "offline.js");
    this.emitFile({ type: "asset", fileName: "page-files.json", source: JSON.stringify(files.sort()) });
  },
});

/** The service worker has a fixed name, because its address is what a browser knows it by. */
const entryName = ({ name }: { readonly name: string }): string =>
  name === "offline" ? "offline.js" : "assets/[name]-[hash].js";

/** A certificate that this computer signs itself, where `npm start -- --https` asks for one; browsers ask before they take it. */
const ownCertificate = (): Plugin[] =>
  process.env["ROG_HTTPS"] === undefined ? [] : [basicSsl({ certDir: ".cache/https" })];

export default defineConfig({
  // Any host serves the built files, from any folder.
  base: "./",
  plugins: [textFiles(), builtWorlds(), pageFiles(), ...ownCertificate()],
  worker: { format: "es", plugins: () => [textFiles()] },
  server: { strictPort: false },
  build: {
    target: "es2022",
    sourcemap: true,
    rolldownOptions: {
      input: { page: "index.html", offline: "workers/offline.worker.ts" },
      output: { entryFileNames: entryName },
    },
  },
});
