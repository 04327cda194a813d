import { readFile, readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { nodeBackend } from "../engine/node-backend.ts";
import { checkModel } from "./check-model.ts";

const folder = new URL("../fixtures/models/", import.meta.url);
const names = (await readdir(folder)).filter((name) => !name.startsWith("steps-"));

describe("outputs and gradients equal PyTorch's", () => {
  test("there is a fixture for every kind of model", () => {
    expect(names.length).toBeGreaterThanOrEqual(8);
  });

  test.each(names)("%s on the f64 reference", async (name) => {
    const deviations = await checkModel(new ReferenceBackend(), name, await readFile(new URL(name, folder)));
    expect(deviations.length).toBeGreaterThan(1);
    expect(deviations.filter(({ error, limit }) => !(error <= limit))).toEqual([]);
  });

  test.each(names)("%s on WebGPU in Node", { timeout: 600_000 }, async (name) => {
    const deviations = await checkModel(await nodeBackend(), name, await readFile(new URL(name, folder)));
    expect(deviations.filter(({ error, limit }) => !(error <= limit))).toEqual([]);
  });
});
