import { FormatError } from "../errors.ts";
import { bf16ToFloat32, f16ToFloat32, float32ToBf16, float32ToF16 } from "../half.ts";

/** Bytes an element of each safetensors dtype that we read, narrow ones first, in the order of the Rust library. */
export const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;

/** An element type by its safetensors name. */
export type Dtype = keyof typeof DTYPE_BYTES;

/** Whether a name is one of the dtypes that we read. */
export const isDtype = (name: unknown): name is Dtype => typeof name === "string" && Object.hasOwn(DTYPE_BYTES, name);

/** The same bytes at an offset that every typed array accepts; copied only when they are not there already. */
const aligned = (bytes: Uint8Array, dtype: Dtype): [ArrayBufferLike, number, number] => {
  const size = DTYPE_BYTES[dtype];
  if (bytes.length % size !== 0) {
    throw new FormatError(`${dtype} values`, `a multiple of ${String(size)} bytes`, String(bytes.length));
  }
  const whole = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return [whole.buffer, whole.byteOffset, whole.length / size];
};

/** The stored elements in the typed array that holds them exactly; f16 and bf16 stay bits. Hosts are little-endian. */
const viewElements = (bytes: Uint8Array, dtype: Dtype) => {
  const [buffer, offset, length] = aligned(bytes, dtype);
  switch (dtype) {
    case "BOOL":
    case "U8":
      return new Uint8Array(buffer, offset, length);
    case "I8":
      return new Int8Array(buffer, offset, length);
    case "U16":
    case "F16":
    case "BF16":
      return new Uint16Array(buffer, offset, length);
    case "I16":
      return new Int16Array(buffer, offset, length);
    case "U32":
      return new Uint32Array(buffer, offset, length);
    case "I32":
      return new Int32Array(buffer, offset, length);
    case "F32":
      return new Float32Array(buffer, offset, length);
    case "F64":
      return new Float64Array(buffer, offset, length);
    case "U64":
      return new BigUint64Array(buffer, offset, length);
    case "I64":
      return new BigInt64Array(buffer, offset, length);
  }
};

/**
 * Stored elements as f32, each rounded to nearest. F32 elements share the bytes' memory where alignment allows.
 *
 * @throws FormatError when the bytes are not whole elements
 */
export const toFloat32 = (bytes: Uint8Array, dtype: Dtype): Float32Array => {
  const elements = viewElements(bytes, dtype);
  if (elements instanceof Float32Array) return elements;
  if (dtype === "F16") return f16ToFloat32(elements as Uint16Array);
  if (dtype === "BF16") return bf16ToFloat32(elements as Uint16Array);
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array)
    return Float32Array.from(elements as ArrayLike<bigint>, doubleOf);
  return Float32Array.from(elements);
};

/** An integer as a double that rounds to the same f32: where a double cannot hold it, what is cut off leaves an odd last bit. */
const doubleOf = (value: bigint): number => {
  const exact = Number(value);
  if (Number.isSafeInteger(exact)) return exact;
  const cut = 16n;
  const isWhole = BigInt.asUintN(Number(cut), value) === 0n;
  return Number((value >> cut) | (isWhole ? 0n : 1n)) * 2 ** Number(cut);
};

/**
 * Stored integers (or whole floats) as i32, for token ids and labels.
 *
 * @throws FormatError when an element is not an integer that i32 holds
 */
export const toInt32 = (bytes: Uint8Array, dtype: Dtype): Int32Array => {
  const wide = dtype === "F16" || dtype === "BF16" ? toFloat32(bytes, dtype) : viewElements(bytes, dtype);
  return Int32Array.from(wide as ArrayLike<number | bigint>, (element) => {
    const value = Number(element);
    if ((value | 0) !== value) throw new FormatError(`${dtype} values`, "32-bit integers", String(element));
    return value;
  });
};

/** The bytes of f32 values in a floating dtype, each rounded to nearest even. */
export const fromFloat32 = (values: Float32Array, dtype: "F32" | "F16" | "BF16" | "F64"): Uint8Array => {
  const elements = {
    F32: () => values,
    F16: () => float32ToF16(values),
    BF16: () => float32ToBf16(values),
    F64: () => Float64Array.from(values),
  }[dtype]();
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
};

/** The bytes of integers in a signed integer dtype. */
export const fromInt32 = (values: ArrayLike<number>, dtype: "I32" | "I64"): Uint8Array => {
  const elements = dtype === "I32" ? Int32Array.from(values) : BigInt64Array.from(Array.from(values, BigInt));
  return new Uint8Array(elements.buffer);
};
