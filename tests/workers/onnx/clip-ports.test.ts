import { describe, expect, test } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { batchOf, clipPorts, type Port } from "../../../workers/onnx/clip-ports.ts";

const port = (name: string, type: string | null, ...shape: (number | string)[]): Port => ({ name, type, shape });
const pixels = port("pixel_values", "float32", "batch", 3, 224, 224);
const ids = port("input_ids", "int64", "batch", 77);
const mask = port("attention_mask", "int64", "batch", 77);
const [imageEmbeds, textEmbeds] = [
  port("image_embeds", "float32", "batch", 512),
  port("text_embeds", "float32", "batch", 512),
];

describe("parts of a model", () => {
  test("an encoder of pictures says its side, one of texts its row", () => {
    expect(clipPorts([pixels], [imageEmbeds], "v")).toMatchObject({ image: { side: 224 }, text: null });
    expect(clipPorts([ids, mask], [textEmbeds], "t")).toMatchObject({ image: null, text: { length: 77 } });
  });

  test("a model with both is both, and its logits do not matter", () => {
    const logits = port("logits_per_image", "float32", "i", "t");
    const found = clipPorts([ids, pixels, mask], [logits, textEmbeds, imageEmbeds], "m");
    expect(found).toMatchObject({ image: { side: 224 }, text: { length: 77 } });
  });

  test("sizes that the model leaves open, or says nothing of, are null", () => {
    const open = port("pixel_values", "float16", "batch", "channels", "height", "width");
    expect(clipPorts([open], [imageEmbeds], "v").image).toEqual({ side: null });
    expect(clipPorts([port("input_ids", "int32")], [textEmbeds], "t").text).toEqual({ length: null });
    expect(clipPorts([port("input_ids", "int32", -1, -1)], [textEmbeds], "t").text).toEqual({ length: null });
  });

  test("a fixed number of rows is told", () => {
    expect([pixels, port("pixel_values", "float32", 4, 3, 32, 32)].map(batchOf)).toEqual([1, 4]);
  });
});

const refused: readonly (readonly [why: string, inputs: readonly Port[], outputs: readonly Port[], message: string])[] =
  [
    [
      "without the projection",
      [pixels],
      [port("last_hidden_state", "float32"), port("pooler_output", "float32")],
      "m.onnx: expected a CLIP with its projection: pixel_values to image_embeds, or input_ids to text_embeds, " +
        "got inputs pixel_values; outputs last_hidden_state, pooler_output",
    ],
    [
      "with an unknown input",
      [ids, port("position_ids", "int64", 1, 77)],
      [textEmbeds],
      "m.onnx: expected a CLIP whose inputs are among pixel_values, input_ids, attention_mask, " +
        "got inputs input_ids, position_ids; outputs text_embeds",
    ],
    [
      "of another type",
      [port("pixel_values", "uint8", 1, 3, 224, 224)],
      [imageEmbeds],
      "m.onnx: pixel_values: expected float32 or float16, got uint8",
    ],
    [
      "of no tensors",
      [port("input_ids", null)],
      [textEmbeds],
      "m.onnx: input_ids: expected int64 or int32, got no tensor",
    ],
    [
      "of oblong pictures",
      [port("pixel_values", "float32", 1, 3, 224, 336)],
      [imageEmbeds],
      "m.onnx: pixel_values: expected [n, 3, side, side], got [1, 3, 224, 336]",
    ],
    [
      "of channels last",
      [port("pixel_values", "float32", 1, 224, 224, 3)],
      [imageEmbeds],
      "m.onnx: pixel_values: expected [n, 3, side, side], got [1, 224, 224, 3]",
    ],
    ["with other axes", [port("input_ids", "int64", 77)], [textEmbeds], "m.onnx: input_ids: expected 2 axes, got [77]"],
    [
      "with nothing",
      [],
      [],
      "m.onnx: expected a CLIP with its projection: pixel_values to image_embeds, or input_ids to text_embeds, got inputs none; outputs none",
    ],
  ];

test.each(refused)("a model %s is refused with what it has", (_, inputs, outputs, message) => {
  expect(() => clipPorts(inputs, outputs, "m.onnx")).toThrow(FormatError);
  expect(() => clipPorts(inputs, outputs, "m.onnx")).toThrow(message);
});
