import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowserLab, type BrowserLab } from "./harness.ts";

const worker = join(import.meta.dirname, "idb.worker.ts");
const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);
let lab: BrowserLab;

beforeAll(async () => {
  lab = await openBrowserLab();
});
afterAll(() => lab.close());

test("a value in IndexedDB outlives the worker that put it", async () => {
  const name = await lab.runInWorker<string>(worker, "put", [bytes, 2000, "world"]);
  expect(name).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect(await lab.runInWorker(worker, "getByKey", ["world"])).toEqual(bytes);
  expect(await lab.runInWorker(worker, "getByKey", ["another"])).toBeUndefined();
});

test("a value in shards comes back whole, and leaves nothing when it is removed", async () => {
  const values = bytes.map((value) => value ^ 255);
  const name = await lab.runInWorker<string>(worker, "put", [values, 300, "sharded"]);
  expect(await lab.runInWorker(worker, "getByKey", ["sharded"])).toEqual(values);
  const left = await lab.runInWorker<{ values: number; shards: number; freeBytes: number }>(worker, "remove", [name]);
  expect(left).toMatchObject({ values: 1, shards: 1 });
  expect(left.freeBytes).toBeGreaterThan(0);
});

test("a damaged value in IndexedDB is refused and gone", async () => {
  const name = await lab.runInWorker<string>(worker, "put", [bytes, 2000, "world"]);
  expect(await lab.runInWorker(worker, "damage", [name])).toEqual({ error: "IntegrityError", left: false });
});
