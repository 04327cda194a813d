import { describe, expect, test } from "vitest";
import { RandomStream } from "../src/random.ts";
import { bf16ToFloat32, f16ToFloat32, float32ToBf16, float32ToF16, roundToF16 } from "../src/half.ts";

const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
const isNaN16 = (half: number) => (half & 0x7fff) > 0x7c00;

describe("f16", () => {
  test("known bits have their values", () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x03ff, 0x0001, 0x8000, 0x7c00, 0xfc00, 0x3555);
    expect(Array.from(f16ToFloat32(bits))).toEqual([
      1,
      -2,
      65504,
      2 ** -14,
      1023 * 2 ** -24,
      2 ** -24,
      -0,
      Infinity,
      -Infinity,
      0.333251953125,
    ]);
  });

  test("every value comes back as its bits, NaNs as a NaN of their sign", () => {
    const back = float32ToF16(f16ToFloat32(all));
    const wrong = all.filter((half) => (isNaN16(half) ? !isNaN16(back[half]!) : back[half] !== half));
    expect(Array.from(wrong)).toEqual([]);
  });

  test("midpoints between neighbours round to the even one, and points beside them to the nearer", () => {
    const wrong: number[] = [];
    const values = f16ToFloat32(all);
    for (let half = 0; half < 0x7bff; half++) {
      const [low, high] = [values[half]!, values[half + 1]!];
      const middle = (low + high) / 2;
      const near = Float32Array.of(middle, middle * (1 - 2 ** -20), middle * (1 + 2 ** -20), -middle);
      const even = half % 2 === 0 ? half : half + 1;
      const got = float32ToF16(near);
      if (got.join() !== [even, half, half + 1, even | 0x8000].join()) wrong.push(half);
    }
    expect(wrong).toEqual([]);
  });

  test("65519.99 stays finite and 65520 becomes infinity", () => {
    expect(Array.from(float32ToF16(Float32Array.of(65519.99, 65520, -1e30)))).toEqual([0x7bff, 0x7c00, 0xfc00]);
    expect(roundToF16(0.1)).toBe(0.0999755859375);
  });
});

describe("bf16", () => {
  test("every value comes back as its bits, NaNs as a NaN", () => {
    const back = float32ToBf16(bf16ToFloat32(all));
    const isNaN = (bits: number) => (bits & 0x7fff) > 0x7f80;
    const wrong = all.filter((bits) => (isNaN(bits) ? !isNaN(back[bits]!) : back[bits] !== bits));
    expect(Array.from(wrong)).toEqual([]);
  });

  test("random values round to the nearest", () => {
    const stream = new RandomStream(5, "bf16");
    for (let i = 0; i < 2000; i++) {
      const value = Math.fround(stream.normal() * 2 ** (stream.integer(40) - 20));
      const [bits] = float32ToBf16(Float32Array.of(value));
      const [below, got, above] = bf16ToFloat32(Uint16Array.of(bits! - 1, bits!, bits! + 1));
      const distance = Math.abs(got! - value);
      expect(distance).toBeLessThanOrEqual(Math.min(Math.abs(below! - value), Math.abs(above! - value)));
    }
  });
});
