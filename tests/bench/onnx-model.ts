/** ONNX models of a few nodes, written as protocol buffers: what onnxruntime-web is given. */

/** A float tensor or a list of 64-bit integers inside a model. */
export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | readonly bigint[];
}

/** An operator's node; attributes are whole numbers, lists of them, or fractions marked as such. */
export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly domain?: string;
  readonly integers?: Readonly<Record<string, number | readonly number[]>>;
  readonly floats?: Readonly<Record<string, number>>;
}

/** A graph whose inputs and outputs are float tensors. */
export interface OnnxGraph {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  readonly initializers?: readonly Initializer[];
  readonly nodes: readonly OnnxNode[];
}

const FLOAT = 1;
const INT64 = 7;
const OPSET = 17;

/**
 * The bytes of a model.
 *
 * Field numbers of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export const onnxModel = (graph: OnnxGraph): Uint8Array =>
  Uint8Array.from([
    ...integer(1, 8),
    ...message(7, graphBytes(graph)),
    ...message(8, [...text(1, ""), ...integer(2, OPSET)]),
    ...message(8, [...text(1, "com.microsoft"), ...integer(2, 1)]),
  ]);

const graphBytes = ({ inputs, outputs, initializers = [], nodes }: OnnxGraph): number[] =>
  joined([
    ...nodes.map((node) => message(1, nodeBytes(node))),
    text(2, "bench"),
    ...initializers.map((initializer) => message(5, tensorBytes(initializer))),
    ...Object.entries(inputs).map(([name, shape]) => message(11, valueBytes(name, shape))),
    ...Object.entries(outputs).map(([name, shape]) => message(12, valueBytes(name, shape))),
  ]);

const nodeBytes = ({ type, inputs, output, domain, integers = {}, floats = {} }: OnnxNode): number[] =>
  joined([
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(4, type),
    ...Object.entries(integers).map(([name, value]) => message(5, integerAttribute(name, value))),
    // Type 1 is a float.
    ...Object.entries(floats).map(([name, value]) =>
      message(5, [...text(1, name), ...float(2, value), ...integer(20, 1)]),
    ),
    ...(domain === undefined ? [] : [text(7, domain)]),
  ]);

// Types 2 and 7 are an integer and a list of integers.
const integerAttribute = (name: string, value: number | readonly number[]): number[] =>
  typeof value === "number"
    ? [...text(1, name), ...integer(3, value), ...integer(20, 2)]
    : joined([text(1, name), ...value.map((item) => integer(8, item)), integer(20, 7)]);

const tensorBytes = ({ name, shape, values }: Initializer): number[] => {
  const isFloat = values instanceof Float32Array;
  const raw = isFloat ? values : BigInt64Array.from(values);
  return joined([
    ...shape.map((size) => integer(1, size)),
    integer(2, isFloat ? FLOAT : INT64),
    text(8, name),
    message(9, new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength)),
  ]);
};

const valueBytes = (name: string, shape: readonly number[]): number[] => {
  const dimensions = joined(shape.map((size) => message(1, integer(1, size))));
  const tensorType = [...integer(1, FLOAT), ...message(2, dimensions)];
  return [...text(1, name), ...message(2, message(1, tensorType))];
};

// A loop, because spreading a large weight would overflow the stack.
const joined = (parts: readonly ArrayLike<number>[]): number[] => {
  const bytes: number[] = [];
  for (const part of parts) for (let i = 0; i < part.length; i++) bytes.push(part[i]!);
  return bytes;
};

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
};

const integer = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const float = (field: number, value: number): number[] => [
  ...varint(field * 8 + 5),
  ...new Uint8Array(Float32Array.of(value).buffer),
];
const message = (field: number, bytes: ArrayLike<number>): number[] =>
  joined([varint(field * 8 + 2), varint(bytes.length), bytes]);
const text = (field: number, value: string): number[] => message(field, new TextEncoder().encode(value));
