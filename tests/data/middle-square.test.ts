import { describe, expect, test } from "vitest";
import { sharpCodec } from "../../src/cli/source-files.ts";
import { middleSquare } from "../../src/data/middle-square.ts";

/** Slopes with noise over them. */
function picture(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const slope = [(180 * x) / width, (180 * y) / height, (90 * (x + y)) / (width + height)][i % 3]!;
    return slope + (Math.imul(i + 1, 2654435761) >>> 24) / 4;
  });
}

const largestDifference = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

describe("the middle square", () => {
  const sizes = [
    [32, 32],
    [64, 48],
    [100, 333],
    [517, 300],
    [1000, 750],
    [1234, 129],
  ] as const;
  for (const [width, height] of sizes)
    test(`of ${String(width)} × ${String(height)} is what the command line's codec makes, but for rounding`, async () => {
      const data = picture(width, height);
      const theirs = await sharpCodec.resize({ width, height, data }, 32);
      // libvips rounds after each of its passes, here once at the end.
      expect(largestDifference(middleSquare({ width, height, data, channels: 3 }, 32), theirs)).toBeLessThanOrEqual(2);
    });

  test("does not look at a fourth channel", () => {
    const [width, height] = [70, 50];
    const data = picture(width, height);
    const wide = new Uint8ClampedArray(width * height * 4).fill(77);
    for (let i = 0; i < width * height; i++) wide.set(data.subarray(i * 3, i * 3 + 3), i * 4);
    expect(middleSquare({ width, height, data: wide, channels: 4 }, 16)).toEqual(
      middleSquare({ width, height, data, channels: 3 }, 16),
    );
  });

  test("of a small picture of one colour is that colour, enlarged", () => {
    const data = new Uint8Array(5 * 9 * 3).fill(200);
    const square = middleSquare({ width: 5, height: 9, data, channels: 3 }, 32);
    expect(square).toEqual(new Uint8Array(32 * 32 * 3).fill(200));
  });
});
