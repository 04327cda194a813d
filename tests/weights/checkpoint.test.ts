import { expect, test } from "vitest";
import { ReferenceBackend } from "../../src/backends/reference/backend.ts";
import { MissingError, ShapeError } from "../../src/errors.ts";
import { Clip } from "../../src/models/clip/clip.ts";
import { ResNet } from "../../src/models/resnet.ts";
import { Parameters, initialise } from "../../src/nn/parameters.ts";
import { bytesSource } from "../../src/weights/byte-source.ts";
import { joinPieces, loadParameters, saveParameters } from "../../src/weights/checkpoint.ts";
import { openSafetensors } from "../../src/weights/safetensors.ts";

const config = { depths: [1], width: 4, classes: 3, stem: "cifar", block: "bottleneck" } as const;
const tower = {
  hiddenSize: 8,
  intermediateSize: 16,
  layers: 1,
  heads: 2,
  hiddenAct: "quick_gelu",
  layerNormEps: 1e-5,
  projectionDim: 8,
} as const;

async function saved(parameters: Parameters, dtype: "F32" | "F16") {
  const variables = new ReferenceBackend().variables();
  initialise(parameters, variables, 1);
  const bytes = await joinPieces(saveParameters(parameters, variables, { dtype }));
  return { variables, file: await openSafetensors(bytesSource("net.safetensors", bytes)) };
}

test("weights that are saved and loaded are the same, under PyTorch's names and shapes", async () => {
  const { parameters } = new ResNet(new Parameters("classifier."), config);
  const { variables, file } = await saved(parameters, "F32");
  expect(file.entries.get("conv1.weight")?.shape).toEqual([4, 3, 3, 3]);
  expect(file.entries.get("fc.weight")?.shape).toEqual([3, 16]);
  const again = new ReferenceBackend().variables();
  expect(await loadParameters(parameters, again, file)).toEqual([]);
  for (const { name } of parameters.list()) expect(await again.get(name), name).toEqual(await variables.get(name));
});

test("half precision leaves running statistics whole", async () => {
  const { parameters } = new ResNet(new Parameters(), config);
  const { file } = await saved(parameters, "F16");
  expect(file.entries.get("conv1.weight")?.dtype).toBe("F16");
  expect(file.entries.get("bn1.running_var")?.dtype).toBe("F32");
});

test("CLIP's temperature is a number without axes in the file", async () => {
  const text = { ...tower, vocabSize: 10, maxPositions: 4, endOfText: 9 };
  const image = { ...tower, channels: 3, imageSize: 4, patchSize: 2 };
  const { parameters } = new Clip(new Parameters(), { text, image });
  const { file } = await saved(parameters, "F32");
  expect(file.entries.get("logit_scale")?.shape).toEqual([]);
  const again = new ReferenceBackend().variables();
  await loadParameters(parameters, again, file);
  expect((await again.get("logit_scale"))[0]).toBeCloseTo(Math.log(1 / 0.07), 5);
});

test("tensors that no weight asks for are told, missing and misshapen ones refused by name", async () => {
  const { file } = await saved(new ResNet(new Parameters(), config).parameters, "F32");
  const load = (changed: Partial<Record<keyof typeof config, unknown>>) =>
    loadParameters(
      new ResNet(new Parameters(), { ...config, ...(changed as object) }).parameters,
      new ReferenceBackend().variables(),
      file,
    );
  await expect(load({ classes: 5 })).rejects.toThrow(ShapeError);
  await expect(load({ classes: 5 })).rejects.toThrow(
    "checkpoint net.safetensors: fc.weight: expected [5, 16], got [3, 16]",
  );
  await expect(load({ depths: [2] })).rejects.toThrow(MissingError);
  const stem = new Parameters();
  stem.declare("conv1.weight", [3, 3, 3, 4], { layout: "conv", init: { kind: "constant", value: 0 } });
  expect(await loadParameters(stem, new ReferenceBackend().variables(), file)).toContain("fc.bias");
});
