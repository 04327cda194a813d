import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { measureProducts } from "../../workers/device-speed.ts";

test("a slow device is measured by its smallest products alone", async () => {
  const { gflops, milliseconds } = await measureProducts(new ReferenceBackend());
  expect(gflops).toBeGreaterThan(0);
  // Four products of 256 × 256 at least twice, warm-up included.
  const operations = 2 * (4 * 2 * 256 ** 3);
  expect(milliseconds).toBeGreaterThan(operations / (gflops * 1e6) / 2);
});
