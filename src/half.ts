/** Conversions between f32 and the 16-bit floats, exact where the target holds the value, else to nearest even. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** IEEE 754 binary16 bits as a number: exact, subnormals, infinities and NaN included. */
const f16Value = (half: number): number => {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
};

let f16Table: Float32Array | undefined;

/** f16 bits as f32 values, by a table of all 65,536. */
export const f16ToFloat32 = (halves: Uint16Array): Float32Array => {
  const table = (f16Table ??= Float32Array.from({ length: 65536 }, (_, half) => f16Value(half)));
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) out[i] = table[halves[i]!]!;
  return out;
};

// Magnitudes of f32 as bits, which order as the values do.
const INFINITY_BITS = 0x7f800000;
const F16_OVERFLOW_BITS = 0x477ff000; // 65520, which rounds to infinity
const F16_SMALLEST_NORMAL_BITS = 0x38800000; // 2^-14
const F16_UNDERFLOW_BITS = 0x33000000; // 2^-25, which ties to zero
const EXPONENT_SHIFT = 112 << 23; // the exponent biases differ by 112

const f16Bits = (floatBits: number): number => {
  const sign = (floatBits >>> 16) & 0x8000;
  const magnitude = floatBits & 0x7fffffff;
  if (magnitude > INFINITY_BITS) return sign | 0x7e00;
  if (magnitude >= F16_OVERFLOW_BITS) return sign | 0x7c00;
  if (magnitude >= F16_SMALLEST_NORMAL_BITS) {
    return sign | ((magnitude - EXPONENT_SHIFT + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  if (magnitude <= F16_UNDERFLOW_BITS) return sign;
  // In units of the smallest subnormal, 2^-24.
  const shift = 126 - (magnitude >>> 23);
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const quotient = fraction >>> shift;
  const remainder = fraction & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  return sign | (remainder > tie || (remainder === tie && quotient & 1) ? quotient + 1 : quotient);
};

/** f32 values as f16 bits. Values from 65520 up become infinity; every NaN becomes the quiet one of its sign. */
export const float32ToF16 = (values: Float32Array): Uint16Array => {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) out[i] = f16Bits(words[i]!);
  return out;
};

/** bf16 bits as f32 values: the upper half of an f32. */
export const bf16ToFloat32 = (halves: Uint16Array): Float32Array => {
  const out = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) out[i] = halves[i]! << 16;
  return new Float32Array(out.buffer);
};

/** f32 values as bf16 bits. */
export const float32ToBf16 = (values: Float32Array): Uint16Array => {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const isNaN = (word & 0x7fffffff) > INFINITY_BITS;
    out[i] = isNaN ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return out;
};

/** A number rounded to the nearest f16, as f32 holds it. */
export const roundToF16 = (value: number): number => {
  float[0] = value;
  return f16Value(f16Bits(bits[0]!));
};
