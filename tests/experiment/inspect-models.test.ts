import { beforeAll, expect, test } from "vitest";
import { FormatError, IntegrityError, MissingError, ShapeError } from "../../src/errors.ts";
import { inspectModels, verifyModels } from "../../src/experiment/inspect-models.ts";
import { modelFiles } from "../../src/experiment/lab-networks.ts";
import { modelManifestName, modelManifestText } from "../../src/experiment/model-manifest.ts";
import { bytesSource } from "../../src/weights/byte-source.ts";
import { joinPieces } from "../../src/weights/checkpoint.ts";
import { openSafetensors } from "../../src/weights/safetensors.ts";
import { streamSafetensors } from "../../src/weights/safetensors-writer.ts";
import { randomModels, tinyConfigs } from "./tiny-models.ts";

let files: ReadonlyMap<string, Uint8Array>;
beforeAll(async () => {
  files = await randomModels(tinyConfigs);
});

const readerOf =
  (held: ReadonlyMap<string, Uint8Array>) =>
  (path: string): Promise<Uint8Array> => {
    const bytes = held.get(path);
    return bytes ? Promise.resolve(bytes) : Promise.reject(new MissingError("models", path));
  };
const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The folder with some files changed and a manifest of what it holds then. */
async function changed(changes: Readonly<Record<string, Uint8Array>>) {
  const held = new Map([...files, ...Object.entries(changes)]);
  held.set(modelManifestName, textBytes(await modelManifestText(readerOf(held))));
  return held;
}

/** The denoiser's file with one tensor's values or shape changed. */
async function withTensor(edit: (values: Float32Array, shape: readonly number[]) => [Float32Array, readonly number[]]) {
  const file = await openSafetensors(bytesSource("unet", files.get(modelFiles.unet)!));
  const tensors = new Map<string, { dtype: "F32"; shape: readonly number[]; bytes: () => Promise<Uint8Array> }>();
  for (const [name, { shape }] of file.entries) {
    const values = await file.readFloat32(name);
    const [edited, as] = name === "conv_in.weight" ? edit(values, shape) : [values, shape];
    tensors.set(name, {
      dtype: "F32",
      shape: as,
      bytes: () => Promise.resolve(new Uint8Array(edited.buffer, edited.byteOffset, edited.byteLength)),
    });
  }
  return changed({ [modelFiles.unet]: await joinPieces(streamSafetensors(tensors)) });
}

test("the report counts the numbers that each network asks for and the tensors that its file holds", async () => {
  const report = await inspectModels(readerOf(files));
  expect(report).toMatchObject({ resolution: 16, latentShape: [8, 8, 4], contextShape: [24, 16], embeddingWidth: 16 });
  expect(report.networks.map(({ part }) => part)).toEqual(["clip", "vae", "unet"]);
  for (const { file, bytes, parameters, dtypes, unused } of report.networks) {
    const { entries } = await openSafetensors(bytesSource(file, files.get(file)!));
    expect(bytes).toBe(files.get(file)!.length);
    const held = [...entries.values()].reduce((sum, { begin, end }) => sum + (end - begin) / 4, 0);
    expect({ file, parameters, dtypes, unused }).toEqual({
      file,
      parameters: held,
      dtypes: { F32: entries.size },
      unused: [],
    });
  }
});

test("a whole folder is verified, every number of it", async () => {
  const { networks } = await inspectModels(readerOf(files));
  const seen = await verifyModels(readerOf(await changed({})));
  expect(seen.files).toBe(7);
  expect(seen.values).toBe(networks.reduce((sum, { parameters }) => sum + parameters, 0));
});

test("a changed byte is named by its file, with both hashes", async () => {
  const held = await changed({});
  const bytes = held.get(modelFiles.vae)!.slice();
  bytes[bytes.length - 1]! ^= 1;
  const read = readerOf(new Map([...held, [modelFiles.vae, bytes]]));
  await expect(verifyModels(read)).rejects.toThrow(IntegrityError);
  await expect(verifyModels(read)).rejects.toThrow(
    /vae\/diffusion_pytorch_model\.safetensors: expected sha256 [0-9a-f]{64}/,
  );
  await expect(verifyModels(readerOf(files))).rejects.toThrow(MissingError); // no manifest
});

test("a weight that is no number, or of another shape, is named where it stands", async () => {
  const broken = await withTensor((values, shape) => [values.map((value, i) => (i === 3 ? Number.NaN : value)), shape]);
  await expect(verifyModels(readerOf(broken))).rejects.toThrow(
    new FormatError(`${modelFiles.unet}: conv_in.weight[3]`, "a finite number", "NaN"),
  );
  const reshaped = await withTensor((values, shape) => [values, [...shape].reverse()]);
  await expect(inspectModels(readerOf(reshaped))).rejects.toThrow(ShapeError);
  await expect(verifyModels(readerOf(reshaped))).rejects.toThrow(/conv_in\.weight/);
});

test("a configuration that is no JSON, or lacks a tower, is named", async () => {
  const config = async (text: string) =>
    inspectModels(readerOf(await changed({ [modelFiles.clipConfig]: textBytes(text) })));
  await expect(config("{")).rejects.toThrow(/clip\/config\.json: expected JSON, got \{/);
  await expect(config('{"text_config": {}}')).rejects.toThrow(FormatError);
  await expect(config("[]")).rejects.toThrow(/clip\/config\.json: expected an object, got \[\]/);
});
