/** What a CLIP in ONNX takes and gives, by the names that transformers and optimum export. */
import { FormatError } from "../../src/errors.ts";

/** One input or output of a model. */
export interface Port {
  readonly name: string;
  /** ONNX element type, such as "float32"; null for what is no tensor */
  readonly type: string | null;
  /** A word or null where the model leaves a size open; empty where it says nothing */
  readonly shape: readonly (number | string | null)[];
}

/** The part that embeds pictures: `pixel_values` [n, 3, side, side] to `image_embeds` [n, width]. */
export interface ImagePorts {
  /** pixels; null where the model leaves it open */
  readonly side: number | null;
}

/** The part that embeds texts: `input_ids` [n, length] to `text_embeds` [n, width]. */
export interface TextPorts {
  /** token ids in a row; null where the model leaves it open */
  readonly length: number | null;
}

/** A model's parts, at least one of them. */
export interface ClipPorts {
  readonly image: ImagePorts | null;
  readonly text: TextPorts | null;
  /** All inputs, each with a known name. */
  readonly inputs: readonly Port[];
}

/** Input types by name. */
const inputTypes: Readonly<Record<string, readonly string[]>> = {
  pixel_values: ["float32", "float16"],
  input_ids: ["int64", "int32"],
  attention_mask: ["int64", "int32"],
};

const outputTypes = ["float32", "float16"];

/**
 * Finds the parts of a model: that of pictures, that of texts, or both.
 *
 * @param where names the file in errors
 * @throws FormatError when an input is unknown, of another type or shape, or when no embedding comes out; it lists all names
 */
export function clipPorts(inputs: readonly Port[], outputs: readonly Port[], where: string): ClipPorts {
  const found = namesText(inputs, outputs);
  const refuse = (expected: string): never => {
    throw new FormatError(where, expected, found);
  };
  if (inputs.some(({ name }) => !(name in inputTypes)))
    refuse(`a CLIP whose inputs are among ${Object.keys(inputTypes).join(", ")}`);
  for (const port of inputs) checkType(port, inputTypes[port.name]!, where);
  const part = (input: string, output: string): Port | null => {
    const given = outputs.find(({ name }) => name === output);
    if (given) checkType(given, outputTypes, where);
    return (given && inputs.find(({ name }) => name === input)) ?? null;
  };
  const [pixels, ids] = [part("pixel_values", "image_embeds"), part("input_ids", "text_embeds")];
  if (!pixels && !ids) refuse("a CLIP with its projection: pixel_values to image_embeds, or input_ids to text_embeds");
  return {
    image: pixels && { side: sideOf(pixels, where) },
    text: ids && { length: sizeAt(ids, 1, 2, where) },
    inputs,
  };
}

/** The names that a model has, in words. */
export function namesText(inputs: readonly Port[], outputs: readonly Port[]): string {
  const list = (ports: readonly Port[]): string => ports.map(({ name }) => name).join(", ") || "none";
  return `inputs ${list(inputs)}; outputs ${list(outputs)}`;
}

/** The number of rows that a model wants at once: 1 where it takes any. */
export function batchOf({ shape: [batch] }: Port): number {
  return isSize(batch) ? batch : 1;
}

function checkType({ name, type }: Port, wanted: readonly string[], where: string): void {
  if (type === null || !wanted.includes(type))
    throw new FormatError(`${where}: ${name}`, wanted.join(" or "), type ?? "no tensor");
}

function sideOf(pixels: Port, where: string): number | null {
  const channels = sizeAt(pixels, 1, 4, where);
  const [height, width] = [sizeAt(pixels, 2, 4, where), sizeAt(pixels, 3, 4, where)];
  if ((channels ?? 3) !== 3 || height !== width)
    throw new FormatError(`${where}: pixel_values`, "[n, 3, side, side]", shapeText(pixels));
  return height;
}

/** A size that the model fixes, or null. */
function sizeAt(port: Port, axis: number, axes: number, where: string): number | null {
  if (port.shape.length !== 0 && port.shape.length !== axes)
    throw new FormatError(`${where}: ${port.name}`, `${String(axes)} axes`, shapeText(port));
  const size = port.shape[axis];
  return isSize(size) ? size : null;
}

const isSize = (size: number | string | null | undefined): size is number => typeof size === "number" && size > 0;

const shapeText = ({ shape }: Port): string => `[${shape.map((size) => size ?? "?").join(", ")}]`;
