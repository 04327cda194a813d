import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { build } from "esbuild";
import { chromium, type Page } from "playwright";
import { browserSwitches, softwareAdapter } from "../../src/cli/lab-page.ts";

/** A page in headless Chromium, on the software adapter, from which workers are started. */
export interface BrowserLab {
  /**
   * Bundles a TypeScript module into a new worker and calls one of its exports there.
   *
   * @param entry path of the module
   * @param exportName an exported function; it may be async
   * @param args plain values and typed arrays
   * @returns what the function gave: plain values and typed arrays
   * @throws Error with the worker's own message, and its stack
   */
  runInWorker<Result>(entry: string, exportName: string, args?: readonly unknown[]): Promise<Result>;
  readonly page: Page;
  /** The page's own address; `folders` are served below it. */
  readonly url: string;
  close(): Promise<void>;
}

/** What else the page's server offers. */
export interface BrowserLabOptions {
  /** URL path such as `/world/` to a folder on disk. */
  readonly folders?: Readonly<Record<string, string>>;
  /** `software`, when absent, is Chromium's own adapter, the same on every machine; `any` takes a GPU where there is one. */
  readonly adapter?: "software" | "any";
  /** More switches of Chromium. */
  readonly switches?: readonly string[];
}

/** Opens headless Chromium (ROG_CHROMIUM, which the set-up exports) on an empty page that this process serves. */
export const openBrowserLab = async (options: BrowserLabOptions = {}): Promise<BrowserLab> => {
  const executablePath = process.env["ROG_CHROMIUM"];
  if (executablePath === undefined) throw new Error("browser harness: expected ROG_CHROMIUM, got nothing");
  const scripts = new Map<string, string>();
  const server = await serve(scripts, options.folders ?? {});
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const software = options.adapter === "any" ? [] : [softwareAdapter];
  const args = ["--headless=new", ...browserSwitches, ...software, ...(options.switches ?? [])];
  const browser = await chromium.launch({ executablePath, args });
  // A context of its own, in which a test may open more tabs.
  const page = await (await browser.newContext()).newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) process.stderr.write(`browser: ${message.text()}\n`);
  });
  page.on("pageerror", (error) => process.stderr.write(`browser: ${String(error)}\n`));
  await page.goto(url);
  return {
    page,
    url,
    runInWorker: async <Result>(entry: string, exportName: string, args: readonly unknown[] = []) => {
      const path = `/workers/${scripts.size}.js`;
      scripts.set(path, await bundleWorker(entry, exportName));
      return (await page.evaluate(callWorker, { path, args: [...args] })) as Result;
    },
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** The module as a worker's script, which answers each message by a call of the export. */
const bundleWorker = async (entry: string, exportName: string): Promise<string> => {
  const contents = `
    import * as entry from ${JSON.stringify(entry)};
    self.onmessage = async ({ data }) => {
      try {
        self.postMessage({ value: await entry[${JSON.stringify(exportName)}](...data) });
      } catch (error) {
        self.postMessage({ name: error?.name, message: String(error?.message ?? error), stack: String(error?.stack) });
      }
    };`;
  const result = await build({
    stdin: { contents, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    sourcemap: "inline",
    loader: { ".wgsl": "text", ".yaml": "text" },
    // Test bodies run in the worker too, with the few expectations that they use.
    alias: { vitest: join(import.meta.dirname, "expect.ts") },
    logLevel: "warning",
  });
  return result.outputFiles[0]!.text;
};

/** Runs in the page. */
const callWorker = async ({ path, args }: { path: string; args: unknown[] }): Promise<unknown> => {
  const worker = new Worker(path, { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(`the worker did not load: ${event.message}`));
      worker.onmessage = ({
        data,
      }: MessageEvent<{ value?: unknown; name?: string; message?: string; stack?: string }>) => {
        if (data.message === undefined) resolve(data.value);
        else reject(new Error(`${data.name ?? "Error"}: ${data.message}\n${data.stack ?? ""}`));
      };
      worker.postMessage(args);
    });
  } finally {
    worker.terminate();
  }
};

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

const serve = async (scripts: ReadonlyMap<string, string>, folders: Readonly<Record<string, string>>) => {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    // Cross-origin isolation gives threads to peers that need them; under another name it would be refused, with an error.
    if (request.headers.host?.startsWith("127.0.0.1") === true) {
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    }
    const script = scripts.get(path);
    if (path === "/") send(response, ".html", "<!doctype html><title>tests</title><link rel=icon href=data:,>");
    else if (script !== undefined) send(response, ".js", script);
    else sendFile(response, path, folders);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
};

const send = (response: ServerResponse, extension: string, body: string): void => {
  response.setHeader("Content-Type", contentTypes[extension] ?? "application/octet-stream");
  response.end(body);
};

const sendFile = (response: ServerResponse, path: string, folders: Readonly<Record<string, string>>): void => {
  const found = Object.entries(folders).find(([prefix]) => path.startsWith(prefix));
  const file = found === undefined ? null : join(found[1], normalize(`/${path.slice(found[0].length)}`));
  if (file === null || !existsSync(file) || !statSync(file).isFile()) {
    response.statusCode = 404;
    response.end();
    return;
  }
  response.setHeader("Content-Type", contentTypes[extname(file)] ?? "application/octet-stream");
  createReadStream(file).pipe(response);
};
