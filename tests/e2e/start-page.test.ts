import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowserLab, type BrowserLab } from "../browser/harness.ts";

let folder: string;
let lab: BrowserLab;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-page-"));
  await build({ base: "/page/", logLevel: "warn", build: { outDir: folder, emptyOutDir: true } });
  lab = await openBrowserLab({ folders: { "/page/": folder } });
});
afterAll(async () => {
  await lab.close();
  await rm(folder, { recursive: true });
});

test("the built page asks its question and says in words what the device is", async () => {
  await lab.page.goto(`${lab.url}page/index.html`);
  expect(await lab.page.textContent("h1")).toBe("Retrieve or generate?");
  await lab.page.waitForSelector('[data-device="software"]', { timeout: 30_000 });
  expect(await lab.page.textContent("[role=status]")).toContain("emulates a graphics processor");
});
