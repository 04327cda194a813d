/** The bench's browser: one page, and in it one worker a library, all open at once. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { openBrowserLab } from "../browser/harness.ts";
import type { Request } from "./library.ts";

/** A page with workers that answer requests. */
export interface BenchBrowser {
  /** Bundles a module of this folder and starts it as a worker, known by the module's name. */
  start(module: string): Promise<void>;
  /** @throws Error with the worker's own words */
  ask<Answer>(module: string, request: Request): Promise<Answer>;
  /** Bundles a module of this folder into the page and calls one of its exports there. */
  callInPage<Answer>(module: string, exportName: string): Promise<Answer>;
  version(): string;
  close(): Promise<void>;
}

const ortFiles = join("node_modules", "onnxruntime-web", "dist");

/** @param software asks for the browser's software adapter although there may be a GPU */
export const openBenchBrowser = async (software: boolean): Promise<BenchBrowser> => {
  const folder = mkdtempSync(join(tmpdir(), "rog-bench-"));
  const lab = await openBrowserLab({
    folders: { "/bench/": folder, "/ort/": ortFiles },
    adapter: software ? "software" : "any",
    switches: ["--js-flags=--expose-gc", "--enable-precise-memory-info"],
  });
  return {
    start: async (module) => {
      writeFileSync(join(folder, `${module}.js`), await bundle(join("tests", "bench", `${module}.worker.ts`)));
      await lab.page.evaluate(startWorker, module);
    },
    ask: async <Answer>(module: string, request: Request) =>
      (await lab.page.evaluate(askWorker, { module, request })) as Answer,
    callInPage: async <Answer>(module: string, exportName: string) => {
      writeFileSync(join(folder, `${module}.js`), await bundle(join("tests", "bench", `${module}.ts`)));
      return (await lab.page.evaluate(callExport, { path: `/bench/${module}.js`, exportName })) as Answer;
    },
    version: () => lab.page.context().browser()?.version() ?? "unknown",
    close: async () => {
      await lab.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const bundle = async (entry: string): Promise<string> => {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    // Source maps of the libraries would be larger than they are.
    sourcemap: false,
    loader: { ".wgsl": "text", ".yaml": "text" },
    logLevel: "error",
  });
  return result.outputFiles[0]!.text;
};

type Workers = Record<string, Worker>;

/** Runs in the page. */
const startWorker = (module: string): void => {
  const workers = ((globalThis as { workers?: Workers }).workers ??= {});
  workers[module] = new Worker(`/bench/${module}.js`, { type: "module" });
};

/** Runs in the page. */
const askWorker = ({ module, request }: { module: string; request: Request }): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const worker = (globalThis as { workers?: Workers }).workers![module]!;
    worker.onerror = (event) => reject(new Error(`${module}: the worker did not load: ${event.message}`));
    worker.onmessage = ({ data }: MessageEvent<{ value?: unknown; error?: string }>) => {
      if (data.error === undefined) resolve(data.value);
      else reject(new Error(`${module}: ${data.error}`));
    };
    worker.postMessage(request);
  });

/** Runs in the page. */
const callExport = async ({ path, exportName }: { path: string; exportName: string }): Promise<unknown> => {
  const module = (await import(path)) as Record<string, () => Promise<unknown>>;
  return module[exportName]!();
};
