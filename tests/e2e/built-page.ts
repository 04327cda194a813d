/** The built page in headless Chromium, with everything that goes wrong on it written down. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { build } from "vite";
import { tinyModelFiles, tinyWorldFiles, writeFiles } from "../experiment/tiny-files.ts";
import { openBrowserLab } from "../browser/harness.ts";

/** A served build. */
export interface BuiltPage {
  /** The first tab. */
  readonly page: Page;
  /** Another tab of the same browser, which shares what the first keeps. */
  newTab(): Promise<Page>;
  /** A page in a browser profile of its own, which knows nothing of earlier visits. */
  newVisitor(): Promise<Page>;
  /** The page's address with a link's part after `#`. */
  address(hash?: string, search?: string): string;
  /** Errors on the console, failures in scripts and breaches of the content policy, over all tabs. */
  readonly problems: string[];
  /** Where the build lies. */
  readonly folder: string;
  close(): Promise<void>;
}

/** How a browser meets the page. */
export interface Meeting {
  /** `false` takes WebGPU from the page's worker, as a browser without it has it. */
  readonly webgpu?: boolean;
  /** `false` serves the page as another computer on the network does, by plain http from a name that is not this one's. */
  readonly secure?: boolean;
}

/** A name that the browser looks up as this computer, and does not trust as such. */
const otherHost = "teacher.test";

/** Builds the page and serves it, with the tiny world and random networks where a spec of 16 px looks for them. */
export async function openBuiltPage({ webgpu = true, secure = true }: Meeting = {}): Promise<BuiltPage> {
  const parent = await mkdtemp(join(tmpdir(), "rog-page-"));
  const folder = join(parent, "page");
  await buildForUse(folder);
  if (!webgpu) await withoutWebGpu(join(folder, "assets"));
  await writeFiles(join(parent, "world"), await tinyWorldFiles());
  await writeFiles(join(parent, "models"), await tinyModelFiles());
  const lab = await openBrowserLab({
    switches: secure ? [] : [`--host-resolver-rules=MAP ${otherHost} 127.0.0.1`],
    folders: {
      "/page/world/mini-16/": join(parent, "world"),
      "/page/models/mini-16/": join(parent, "models"),
      // A clone need not have built the mini world; the recorded embeddings are of the tiny one.
      "/page/world/mini/": join(parent, "world"),
      "/page/models/mini/": join(parent, "models"),
      "/page/": folder,
    },
  });
  const problems: string[] = [];
  await watch(lab.page, problems);
  const { page } = lab;
  return {
    page,
    problems,
    folder,
    newTab: async () => {
      const tab = await page.context().newPage();
      await watch(tab, problems);
      return tab;
    },
    newVisitor: async () => {
      const visitor = await (await page.context().browser()!.newContext()).newPage();
      await watch(visitor, problems);
      return visitor;
    },
    address: (hash = "", search = "") => {
      const base = secure ? lab.url : lab.url.replace("127.0.0.1", otherHost);
      return `${base}page/index.html${search}${hash}`;
    },
    close: async () => {
      await lab.close();
      await rm(parent, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** As `npm run build` does: under a test's NODE_ENV the page would take itself for one under development. */
async function buildForUse(folder: string): Promise<void> {
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    await build({ logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  } finally {
    process.env["NODE_ENV"] = before;
  }
}

/** No switch of Chromium takes `navigator.gpu` away, so the built worker begins by doing it. */
async function withoutWebGpu(assets: string): Promise<void> {
  const workers = (await readdir(assets)).filter((name) => /^lab\.worker-.*\.js$/.test(name));
  if (workers.length !== 1) throw new Error(`${assets}: expected one lab.worker-*.js, got ${workers.join(", ")}`);
  const path = join(assets, workers[0]!);
  await writeFile(path, `delete WorkerNavigator.prototype.gpu;${await readFile(path, "utf8")}`);
}

async function watch(page: Page, problems: string[]): Promise<void> {
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`script: ${String(error)}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      // The console shows it, and this script's only way out is the console.
      console.error(`policy: ${violatedDirective} ${blockedURI}`);
    });
  });
}
