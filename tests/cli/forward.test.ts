import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../src/cli/forward.ts";
import { ConfigError } from "../../src/errors.ts";
import type { TensorData } from "../../src/weights/safetensors-writer.ts";
import { writeSafetensors } from "../../src/weights/safetensors-writer.ts";
import { toFloat32 } from "../../src/weights/dtypes.ts";
import { gradientFloor, openFixture, relativeError, within } from "../models/check-model.ts";

const fixtures = new URL("../fixtures/models/", import.meta.url);

/** A fixture as the verb's files, and its flags. */
async function filesOf(name: string, config?: Record<string, unknown>) {
  const folder = await mkdtemp(join(tmpdir(), "rog-forward-"));
  const file = await openFixture(name, await readFile(new URL(`${name}.safetensors`, fixtures)));
  const at = (part: string) => join(folder, part);
  for (const prefix of ["weight.", "input."]) {
    const part = within(file, prefix);
    const tensors = new Map<string, TensorData>();
    for (const [key, { dtype, shape }] of part.entries) tensors.set(key, { dtype, shape, bytes: await part.read(key) });
    await writeFile(at(`${prefix}safetensors`), writeSafetensors(tensors));
  }
  const text = file.metadata.get("config") ?? "";
  await writeFile(at("config.json"), config ? JSON.stringify({ ...(JSON.parse(text) as object), ...config }) : text);
  const out = at("out.safetensors");
  const args = ["--model", file.metadata.get("kind") ?? "", "--config", at("config.json"), "--out", out];
  return { file, out, args: [...args, "--weights", at("weight.safetensors"), "--inputs", at("input.safetensors")] };
}

test.each(["unet", "clip-text", "resnet-cifar-training"])(
  "rog forward writes PyTorch's outputs and gradients of %s",
  { timeout: 600_000 },
  async (name) => {
    const { file, out, args } = await filesOf(name);
    expect(await run([...args, "--gradients"])).toBe(0);
    const written = await openFixture("out", await readFile(out));
    const keys = [...file.entries.keys()].filter((key) => /^(output|grad)\./.test(key));
    expect([...written.entries.keys()].sort()).toEqual(keys.map((key) => key.replace(/^output\./, "")).sort());
    const floor = await gradientFloor(file);
    for (const key of keys) {
      const bare = key.replace(/^output\./, "");
      const { dtype, shape } = written.entries.get(bare)!;
      expect(shape, bare).toEqual(file.entries.get(key)!.shape);
      const error = relativeError(toFloat32(await written.read(bare), dtype), await file.readFloat32(key), floor);
      expect(error, bare).toBeLessThanOrEqual(bare === key ? 1e-3 : 1e-4);
    }
  },
);

test("without --gradients only outputs are written", async () => {
  const { out, args } = await filesOf("resnet-basic");
  expect(await run([...args, "--adapter", "reference"])).toBe(0);
  expect([...(await openFixture("out", await readFile(out))).entries.keys()]).toEqual(["logits"]);
});

test("a config field that the code does not support is refused by its name", async () => {
  const { args } = await filesOf("unet", { use_linear_projection: true });
  await expect(run(args)).rejects.toThrow(
    new ConfigError("config.json: use_linear_projection", "false", "true").message,
  );
  const unknown = await filesOf("clip-text", { hidden_sise: 3 });
  await expect(run(unknown.args)).rejects.toThrow("config.json: hidden_sise: expected no such field, got 3");
});

test("weights of another shape and missing weights are named", async () => {
  const { args } = await filesOf("resnet-basic", { classes: 7 });
  await expect(run([...args, "--adapter", "reference"])).rejects.toThrow(
    "checkpoint weight.safetensors: fc.weight: expected [7, 16], got [6, 16]",
  );
  const deeper = await filesOf("resnet-basic", { depths: [1, 2] });
  await expect(run([...deeper.args, "--adapter", "reference"])).rejects.toThrow(
    /checkpoint weight.safetensors: layer2.1.conv1.weight, .* is missing/,
  );
});

test("an unknown model is refused with the nearest name", async () => {
  const { args } = await filesOf("resnet-basic");
  await expect(run([...args, "--model", "resnett"])).rejects.toThrow("--model: expected a model such as resnet");
});
