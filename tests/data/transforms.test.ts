import { describe, expect, test } from "vitest";
import type { Image } from "../../src/data/image.ts";
import type { Crop, CropOptions } from "../../src/data/transforms.ts";
import { drawCrop, resampleCrop } from "../../src/data/transforms.ts";
import { RandomStream } from "../../src/random.ts";

const imageNet: CropOptions = { scale: [0.08, 1], ratio: [3 / 4, 4 / 3], flip: 0.5 };

function crops(count: number, width: number, height: number, options: CropOptions): Crop[] {
  const random = new RandomStream(7, "crops");
  return Array.from({ length: count }, () => drawCrop(width, height, options, random));
}

describe("a drawn crop", () => {
  const [width, height] = [400, 320];
  const drawn = crops(2000, width, height, imageNet);

  test("lies inside its picture, at whole pixels", () => {
    for (const crop of drawn) {
      expect([crop.left, crop.top, crop.width, crop.height].every(Number.isInteger)).toBe(true);
      expect(Math.min(crop.left, crop.top)).toBeGreaterThanOrEqual(0);
      expect(crop.left + crop.width).toBeLessThanOrEqual(width);
      expect(crop.top + crop.height).toBeLessThanOrEqual(height);
    }
  });

  test("has a share of the area and a ratio of the sides in their ranges, and the ranges are used", () => {
    const shares = drawn.map((crop) => (crop.width * crop.height) / (width * height));
    const ratios = drawn.map((crop) => crop.width / crop.height);
    // Sides are rounded, by half a pixel of at least 88: 0.6 % each.
    expect(Math.min(...shares)).toBeGreaterThan(0.08 * 0.985);
    expect(Math.min(...shares)).toBeLessThan(0.09);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
    expect(Math.max(...shares)).toBeGreaterThan(0.85);
    expect(Math.min(...ratios)).toBeGreaterThan(0.75 * 0.985);
    expect(Math.min(...ratios)).toBeLessThan(0.77);
    expect(Math.max(...ratios)).toBeLessThan((4 / 3) * 1.015);
    expect(Math.max(...ratios)).toBeGreaterThan(1.3);
  });

  test("is as often wide as tall, and its area is uniform", () => {
    // Small enough to fit at every ratio, so that no draw is refused.
    const small = crops(4000, 400, 400, { scale: [0.1, 0.5], ratio: [1 / 2, 2], flip: 0 });
    // Standard errors: 0.008 of a share of one half, 0.0018 of a mean area.
    const wide = small.filter((crop) => crop.width > crop.height).length / small.length;
    expect(Math.abs(wide - 0.5)).toBeLessThan(0.03);
    const area = small.reduce((sum, crop) => sum + crop.width * crop.height, 0) / small.length / 400 ** 2;
    expect(Math.abs(area - 0.3)).toBeLessThan(0.007);
  });

  test("may touch every edge", () => {
    const eighths = crops(400, 16, 16, { scale: [0.25, 0.25], ratio: [1, 1], flip: 0 });
    const [lefts, tops] = [new Set(eighths.map(({ left }) => left)), new Set(eighths.map(({ top }) => top))];
    const places = Array.from({ length: 9 }, (_, i) => i);
    expect([...lefts].sort((a, b) => a - b)).toEqual(places);
    expect([...tops].sort((a, b) => a - b)).toEqual(places);
  });

  test.each([0, 0.3, 1])("is mirrored at the stated rate, %s", (flip) => {
    const flipped = crops(4000, 32, 32, { ...imageNet, flip }).filter((crop) => crop.flipped).length;
    // The standard error of a rate of 0.3 is 0.007; none and all are exact.
    expect(Math.abs(flipped / 4000 - flip)).toBeLessThanOrEqual(flip === 0.3 ? 0.03 : 0);
  });

  test("is the whole picture where nothing is varied", () => {
    const whole = { left: 0, top: 0, width: 24, height: 24, flipped: false };
    expect(crops(3, 24, 24, { scale: [1, 1], ratio: [1, 1], flip: 0 })).toEqual([whole, whole, whole]);
  });

  test("is the largest central one of an allowed ratio where none fits", () => {
    const options = { scale: [1, 1], ratio: [3 / 4, 4 / 3], flip: 0 } as const;
    expect(crops(1, 100, 10, options)).toEqual([{ left: 43, top: 0, width: 13, height: 10, flipped: false }]);
    expect(crops(1, 10, 100, options)).toEqual([{ left: 0, top: 43, width: 10, height: 13, flipped: false }]);
    const [mirrored] = crops(1, 100, 10, { ...options, flip: 1 });
    expect(mirrored!.flipped).toBe(true);
  });

  test("is the same again from the same stream", () => {
    expect(crops(20, 32, 32, imageNet)).toEqual(crops(20, 32, 32, imageNet));
  });
});

/** Every byte is another. */
function picture(width: number, height: number): Image {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37 + 11) % 256) };
}

function resampled(image: Image, crop: Partial<Crop>, size: number): Float32Array {
  const whole = { left: 0, top: 0, width: image.width, height: image.height, flipped: false };
  const out = new Float32Array(size * size * 3);
  resampleCrop(image, { ...whole, ...crop }, size, out, 0);
  return out;
}

/** A picture's value as the networks see it, rounded as their inputs are. */
const signed = (value: number): number => Math.fround(value / 127.5 - 1);

/** The pixels of a rectangle, row by row, as the networks see them. */
function pixels({ data, width }: Image, { left, top, width: w, height: h, flipped }: Crop): Float32Array {
  const out = [];
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      for (let c = 0; c < 3; c++)
        out.push(signed(data[((top + y) * width + left + (flipped ? w - 1 - x : x)) * 3 + c]!));
  return Float32Array.from(out);
}

/** A row of grey pixels, as high as it is wide. */
function stripes(...values: readonly number[]): Image {
  const { length } = values;
  const data = Uint8Array.from({ length: length * length * 3 }, (_, i) => values[Math.floor(i / 3) % length]!);
  return { width: length, height: length, data };
}

/** The first row of the red plane. */
const firstRow = (out: Float32Array, size: number): number[] => Array.from({ length: size }, (_, x) => out[x * 3]!);

describe("a resampled crop", () => {
  test.each([false, true])("of the whole picture at its own size is the picture, mirrored: %s", (flipped) => {
    const image = picture(8, 8);
    const whole = { left: 0, top: 0, width: 8, height: 8, flipped };
    expect(resampled(image, whole, 8)).toEqual(pixels(image, whole));
  });

  test.each([false, true])("at its own size is that rectangle of the picture, mirrored: %s", (flipped) => {
    const image = picture(9, 7);
    const crop = { left: 3, top: 2, width: 4, height: 4, flipped };
    expect(resampled(image, crop, 4)).toEqual(pixels(image, crop));
  });

  test("is in [-1, 1]", () => {
    expect(resampled(stripes(0, 255), {}, 2).slice(0, 6)).toEqual(Float32Array.of(-1, -1, -1, 1, 1, 1));
  });

  test("twice as large lies between its pixels by quarters, and repeats its edges", () => {
    const expected = [40, 60, 100, 120].map(signed);
    expect(firstRow(resampled(stripes(40, 120), {}, 4), 4)).toEqual(expected);
    expect(firstRow(resampled(stripes(40, 120), { flipped: true }, 4), 4)).toEqual(expected.reverse());
  });

  test("is the same along both sides", () => {
    const across = resampled(stripes(40, 120, 80), {}, 7);
    const image = stripes(40, 120, 80);
    const turned = { ...image, data: Uint8Array.from(image.data, (_, i) => [40, 120, 80][Math.floor(i / 9)]!) };
    const down = resampled(turned, {}, 7);
    for (let y = 0; y < 7; y++) for (let x = 0; x < 7; x++) expect(down[(y * 7 + x) * 3]).toBe(across[(x * 7 + y) * 3]);
  });

  test("sees nothing of the picture beside it", () => {
    const row = firstRow(resampled(stripes(255, 40, 120, 255), { left: 1, top: 1, width: 2, height: 2 }, 4), 4);
    expect(row).toEqual([40, 60, 100, 120].map(signed));
  });

  test("is written from its offset and nowhere else", () => {
    const out = new Float32Array(3 * 12).fill(9);
    const crop = { left: 0, top: 0, width: 2, height: 2, flipped: false };
    resampleCrop(picture(2, 2), crop, 2, out, 12);
    expect(out.subarray(12, 24)).toEqual(pixels(picture(2, 2), crop));
    expect([...out.subarray(0, 12), ...out.subarray(24)].every((value) => value === 9)).toBe(true);
  });
});
