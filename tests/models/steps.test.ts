import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { nodeBackend } from "../engine/node-backend.ts";
import { checkSteps } from "./check-steps.ts";

const names = ["steps-resnet", "steps-unet"];
const read = (name: string) => readFile(new URL(`../fixtures/models/${name}.safetensors`, import.meta.url));

const largestError = ({ actual, expected }: Awaited<ReturnType<typeof checkSteps>>): number =>
  Math.max(...expected.map((value, step) => Math.abs(actual[step]! - value) / value));

test.each(names)("ten optimizer steps of %s have PyTorch's losses on the f64 reference", async (name) => {
  const losses = await checkSteps(new ReferenceBackend(), name, await read(name));
  expect(losses.expected).toHaveLength(10);
  expect(largestError(losses)).toBeLessThanOrEqual(1e-3);
});

test.each(names)(
  "ten optimizer steps of %s have PyTorch's losses on WebGPU in Node",
  { timeout: 600_000 },
  async (name) => {
    expect(largestError(await checkSteps(await nodeBackend(), name, await read(name)))).toBeLessThanOrEqual(1e-3);
  },
);
