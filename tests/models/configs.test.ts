import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { parseClipImageConfig, parseClipTextConfig } from "../../src/models/clip/config.ts";
import { ClipImage } from "../../src/models/clip/image.ts";
import { ClipText, endOfTextRows } from "../../src/models/clip/text.ts";
import { sd14Unet, sd14Vae, vitL14Image, vitL14Text } from "../../src/models/configs.ts";
import { ResNet, parseResNetConfig, resnet50 } from "../../src/models/resnet.ts";
import { parseUnetConfig } from "../../src/models/unet/config.ts";
import { Unet } from "../../src/models/unet/unet.ts";
import { parseVaeConfig } from "../../src/models/vae/config.ts";
import { VaeDecoder } from "../../src/models/vae/decoder.ts";
import { VaeEncoder } from "../../src/models/vae/encoder.ts";
import { Parameters } from "../../src/nn/parameters.ts";
import { torchShape } from "../../src/weights/checkpoint.ts";

type Part = "unet" | "vae" | "text_encoder";
const file = new URL("../fixtures/sd14-tensors.json", import.meta.url);
const sd14 = JSON.parse(await readFile(file, "utf8")) as {
  configs: Record<Part, Record<string, unknown>>;
  tensors: Record<Part, Record<string, number[]>>;
};

const namesAndShapes = (parameters: Parameters) =>
  Object.fromEntries(parameters.list().map((parameter) => [parameter.checkpointName, torchShape(parameter)] as const));

describe("Stable Diffusion v1.4", () => {
  test("its U-Net asks for the published checkpoint's 859,520,964 weights by name and shape", () => {
    const { parameters } = new Unet(new Parameters(), sd14Unet);
    expect(namesAndShapes(parameters)).toEqual(sd14.tensors.unet);
    expect(parameters.count()).toBe(859_520_964);
  });

  test("its autoencoder asks for the published checkpoint's 83,653,863 weights by name and shape", () => {
    const parameters = new Parameters();
    new VaeEncoder(parameters, sd14Vae);
    new VaeDecoder(parameters, sd14Vae);
    expect(namesAndShapes(parameters)).toEqual(sd14.tensors.vae);
    expect(parameters.count()).toBe(83_653_863);
  });

  test("its text encoder asks for the published checkpoint's 123,060,480 weights by name and shape", () => {
    const { parameters } = new ClipText(new Parameters(), vitL14Text, { projection: false });
    expect(namesAndShapes(parameters)).toEqual(sd14.tensors.text_encoder);
    expect(parameters.count()).toBe(123_060_480);
  });

  test("the published config files give the configurations in the code", () => {
    expect(parseUnetConfig(sd14.configs.unet)).toEqual(sd14Unet);
    expect(parseVaeConfig(sd14.configs.vae)).toEqual(sd14Vae);
    expect(parseClipTextConfig(sd14.configs.text_encoder)).toEqual(vitL14Text);
  });
});

test("CLIP ViT-L/14 has 427,616,513 weights with its temperature", () => {
  const text = new ClipText(new Parameters(), vitL14Text);
  const image = new ClipImage(new Parameters(), vitL14Image);
  expect(text.parameters.count() + image.parameters.count() + 1).toBe(427_616_513);
});

test.each([
  [1000, 25_557_032],
  [990, 25_536_542],
  [251, 24_022_331],
])("ResNet-50 on %i classes has %i weights", (classes, count) => {
  expect(new ResNet(new Parameters(), { ...resnet50, classes }).parameters.count()).toBe(count);
});

describe("a field that the code cannot honour is refused by name", () => {
  const cases: [string, () => unknown, string][] = [
    [
      "a projection",
      () => parseUnetConfig({ use_linear_projection: true }),
      "use_linear_projection: expected false, got true",
    ],
    [
      "a block",
      () => parseUnetConfig({ down_block_types: ["Down", "Down"] }),
      "down_block_types: expected a list of 4 of",
    ],
    ["a misspelling", () => parseUnetConfig({ in_chanels: 4 }), "in_chanels: expected no such field, got 4"],
    [
      "a size",
      () => parseVaeConfig({ latent_channels: "4" }),
      'latent_channels: expected a whole number from 1 up, got "4"',
    ],
    ["quantisation", () => parseVaeConfig({ use_quant_conv: false }), "use_quant_conv: expected true, got false"],
    [
      "an activation",
      () => parseClipTextConfig({ hidden_act: "relu" }),
      'hidden_act: expected quick_gelu or gelu, got "relu"',
    ],
    ["heads", () => parseClipTextConfig({ num_attention_heads: 7 }), "num_attention_heads: expected a number of heads"],
    [
      "patches",
      () => parseClipImageConfig({ patch_size: 15 }),
      "image_size: expected a multiple of patch_size 15, got 224",
    ],
    ["a stem", () => parseResNetConfig({ stem: "wide" }), 'stem: expected imagenet or cifar, got "wide"'],
  ];
  test.each(cases)("%s", (_, parse, message) => {
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(`config.json: ${message}`);
  });
});

test("a text is pooled at its first end token, or at the first of its largest tokens", () => {
  const ids = [8, 1, 9, 9, 8, 9, 0, 3, 8, 1, 2, 3];
  expect([...endOfTextRows(ids, 4, 9)]).toEqual([2, 1, 0]);
  expect([...endOfTextRows(ids, 4, null)]).toEqual([2, 1, 0]);
  expect([...endOfTextRows([1, 7, 3, 7], 4, null)]).toEqual([1]);
});
