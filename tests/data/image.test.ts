import { expect, test } from "vitest";
import { imageAt, signedPixels } from "../../src/data/image.ts";

const pixels = Uint8Array.from({ length: 3 * 12 }, (_, index) => index * 7);

test("imageAt gives a view of the picture's own bytes", () => {
  const image = imageAt(pixels, 2, 1);
  expect([...image.data]).toEqual([...pixels.slice(12, 24)]);
  expect(image.data.buffer).toBe(pixels.buffer);
});

test("imageAt refuses a picture that is not there", () => {
  for (const index of [-1, 3, 0.5]) expect(() => imageAt(pixels, 2, index)).toThrow(RangeError);
});

test("signedPixels maps 0 to -1 and 255 to 1, in the order asked for", () => {
  const extremes = new Uint8Array(24).fill(255, 12);
  const values = signedPixels(extremes, 2, [1, 0]);
  expect([...values.slice(0, 12)].every((value) => value === 1)).toBe(true);
  expect([...values.slice(12)].every((value) => value === -1)).toBe(true);
});
