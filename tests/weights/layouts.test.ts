import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/errors.ts";
import { convFromTorch, convToTorch, nchwToNhwc, nhwcToNchw, transposeMatrix } from "../../src/weights/layouts.ts";

const counting = (n: number) => Float32Array.from({ length: n }, (_, i) => i);

describe("layouts", () => {
  test("a convolution's weight goes from [co, ci, kh, kw] to [kh, kw, ci, co] and back", () => {
    const [co, ci, kh, kw] = [37, 5, 3, 2];
    const weight = counting(co * ci * kh * kw);
    const ours = convFromTorch(weight, [co, ci, kh, kw]);
    for (let o = 0; o < co; o++)
      for (let i = 0; i < ci; i++)
        for (let y = 0; y < kh; y++)
          for (let x = 0; x < kw; x++) {
            expect(ours[((y * kw + x) * ci + i) * co + o]).toBe(weight[((o * ci + i) * kh + y) * kw + x]);
          }
    expect(convToTorch(ours, [kh, kw, ci, co])).toEqual(weight);
  });

  test("a matrix is transposed", () => {
    expect(Array.from(transposeMatrix(Uint16Array.of(1, 2, 3, 4, 5, 6), [2, 3]))).toEqual([1, 4, 2, 5, 3, 6]);
  });

  test("images go from channels first to channels last and back", () => {
    const images = counting(2 * 3 * 4 * 5);
    const ours = nchwToNhwc(images, [2, 3, 4, 5]);
    // n = 1, c = 2, h = 3, w = 4
    expect(ours[((1 * 4 + 3) * 5 + 4) * 3 + 2]).toBe(images[((1 * 3 + 2) * 4 + 3) * 5 + 4]);
    expect(Array.from(ours.subarray(0, 3))).toEqual([0, 20, 40]);
    expect(nhwcToNchw(ours, [2, 4, 5, 3])).toEqual(images);
  });

  test("elements that do not fill the shape are refused", () => {
    expect(() => convFromTorch(counting(5), [1, 2, 3, 1])).toThrow(ShapeError);
    expect(() => nchwToNhwc(counting(5), [1, 2, 3, 1])).toThrow("nchwToNhwc: expected 6 elements, got [5]");
  });
});
