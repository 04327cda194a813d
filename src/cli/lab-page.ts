/** A page in headless Chromium with the lab in its worker, driven from here. */
import { mkdir } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright";
import { AdapterError, MissingError } from "../errors.ts";
import { unpackError } from "../../workers/error-transfer.ts";
import type { DeviceCheck, LabEvent, RunOutcome, RunRequest, StorageState } from "../../workers/lab-api.ts";
import type { Answer, PageLab } from "../../workers/page-lab.ts";
import { serveFiles } from "./static-server.ts";

/** Where the page's data come from and are kept. */
export interface LabPageOptions {
  /** Folders by the path below which they are served, such as `/world/mini/`. */
  readonly folders: Readonly<Record<string, string>>;
  /** The browser's profile: what the lab keeps between visits lies there. */
  readonly profile: string;
  /** The page's port, part of what IndexedDB belongs to; when it is taken or absent, any. */
  readonly port?: number;
  /** Part of the adapter's name; `swiftshader` is the browser's software adapter. The best there is when absent. */
  readonly adapter?: string | undefined;
  readonly onEvent?: (event: LabEvent) => void;
}

/** The lab, one visit long. */
export interface LabPage {
  readonly device: Exclude<DeviceCheck, { readonly kind: "none" }>;
  /** Paths that the server was asked for, in order. */
  readonly requests: readonly string[];
  readonly page: Page;
  /** @throws what `LabApi.run` throws */
  run(request: Omit<RunRequest, "files">): Promise<RunOutcome>;
  cancel(): Promise<void>;
  files(run: string): Promise<ReadonlyMap<string, Uint8Array>>;
  storage(): Promise<StorageState>;
  close(): Promise<void>;
}

/** Switches of a headless Chromium that offers WebGPU. */
export const browserSwitches = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** The switch to its software adapter, the same on every machine. */
export const softwareAdapter = "--use-webgpu-adapter=swiftshader";

/**
 * Opens the page on a GPU where the browser offers one, else on its software adapter.
 *
 * @throws MissingError without ROG_CHROMIUM, which the set-up exports
 * @throws AdapterError when the browser offers no adapter, or none of that name
 */
export async function openLabPage(options: LabPageOptions): Promise<LabPage> {
  const wish = options.adapter?.toLowerCase();
  const software = wish?.includes("swiftshader") ?? false;
  const first = await openOn(options, software ? [softwareAdapter] : []);
  const opened = "reason" in first && wish === undefined ? await openOn(options, [softwareAdapter]) : first;
  if ("reason" in opened) throw new AdapterError("browser", opened.reason);
  if (wish === undefined || software || opened.device.name.toLowerCase().includes(wish)) return opened;
  await opened.close();
  throw new AdapterError("browser", `it offers ${opened.device.name}, not ${wish}`);
}

async function openOn(
  options: LabPageOptions,
  adapter: readonly string[],
): Promise<LabPage | { readonly reason: string }> {
  const executablePath = process.env["ROG_CHROMIUM"];
  if (executablePath === undefined) throw new MissingError("browser", "ROG_CHROMIUM", "the set-up exports it");
  const { chromium } = await import("playwright");
  const server = await serveFiles({ texts: await bundleScripts(), folders: options.folders }, options.port ?? 0);
  const { url, requests } = server;
  await mkdir(options.profile, { recursive: true });
  const context = await chromium.launchPersistentContext(options.profile, {
    ...{ executablePath, headless: true, args: [...browserSwitches, ...adapter] },
    // Ctrl-C stops the run first; what is kept is then written in peace.
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
  });
  const close = async (): Promise<void> => {
    await context.close();
    await server.close();
  };
  try {
    const page = await openPage(context, url, options.onEvent);
    const device = await page.evaluate(() => (globalThis as unknown as PageLab).lab.checkDevice());
    if (device.kind !== "none") return { device, requests, page, close, ...labOf(page, url) };
    await close();
    return { reason: device.reason };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPage(context: BrowserContext, url: string, onEvent: LabPageOptions["onEvent"]): Promise<Page> {
  const page = context.pages()[0] ?? (await context.newPage());
  page.on("pageerror", (error) => void process.stderr.write(`browser: ${String(error)}\n`));
  await page.exposeFunction("onLabEvent", (event: LabEvent) => onEvent?.(event));
  await page.goto(url);
  await page.waitForFunction(() => "lab" in globalThis);
  return page;
}

function labOf(page: Page, url: string): Pick<LabPage, "run" | "cancel" | "files" | "storage"> {
  return {
    run: async (asked) => {
      const request: RunRequest = { ...asked, files: url };
      return valueOf(await page.evaluate((given) => (globalThis as unknown as PageLab).lab.run(given), request));
    },
    cancel: () => page.evaluate(() => (globalThis as unknown as PageLab).lab.cancel()),
    files: async (run) => {
      const files = await page.evaluate((id) => (globalThis as unknown as PageLab).lab.files(id), run);
      return new Map(Object.entries(files).map(([path, base64]) => [path, Buffer.from(base64, "base64")]));
    },
    storage: () => page.evaluate(() => (globalThis as unknown as PageLab).lab.storage()),
  };
}

function valueOf<T>(answer: Answer<T>): T {
  if ("error" in answer) throw unpackError(answer.error);
  return answer.value;
}

const pageText =
  '<!doctype html><title>lab</title><link rel=icon href="data:,"><script type=module src=/page.js></script>';

/** The page, its script and the worker's, by path. */
async function bundleScripts(): Promise<ReadonlyMap<string, string>> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: { "lab-worker": "workers/lab.worker.ts", page: "workers/page-lab.ts" },
    outdir: "/",
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    loader: { ".wgsl": "text", ".yaml": "text" },
    logLevel: "warning",
  });
  const scripts = outputFiles.map(({ path, text }): [string, string] => [`/${path.split(/[\\/]/).at(-1)!}`, text]);
  return new Map([["/", pageText], ...scripts]);
}
