import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowserLab, type BrowserLab } from "./harness.ts";

const worker = join(import.meta.dirname, "adapter.worker.ts");
let lab: BrowserLab;

beforeAll(async () => {
  lab = await openBrowserLab({ folders: { "/tests/": import.meta.dirname } });
});
afterAll(() => lab.close());

test("a worker in Chromium gets an adapter", async () => {
  const adapter = await lab.runInWorker<{ vendor: string } | null>(worker, "describeAdapter");
  expect(adapter?.vendor).toBeTypeOf("string");
});

test("a compute shader in a worker scales what was sent, and the read-back arrives", async () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => i - 500);
  const scaled = await lab.runInWorker<Float32Array>(worker, "scale", [values, 0.5]);
  expect(scaled).toEqual(values.map((value) => value * 0.5));
});

test("an error in a worker arrives with its name and message", async () => {
  await expect(lab.runInWorker(worker, "fail", ["too far"])).rejects.toThrow(/RangeError: too far/);
});

test("folders are served, and nothing outside them", async () => {
  expect(await (await fetch(`${lab.url}tests/adapter.worker.ts`)).text()).toContain("describeAdapter");
  expect((await fetch(`${lab.url}tests/..%2f..%2fpackage.json`)).status).toBe(404);
  expect((await fetch(`${lab.url}package.json`)).status).toBe(404);
});
