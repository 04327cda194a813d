import { expect, test } from "vitest";
import { imageAt, imageOfSigned, signedPixels } from "../../src/data/image.ts";

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

test("imageOfSigned is the way back, byte for byte, and cuts off what lies outside", () => {
  const all = Uint8Array.from({ length: 12 * 22 }, (_, index) => index % 256);
  for (let picture = 0; picture < 22; picture++)
    expect(imageOfSigned(signedPixels(all, 2, [picture]), 2)).toEqual({
      ...{ width: 2, height: 2 },
      data: imageAt(all, 2, picture).data.slice(),
    });
  expect([...imageOfSigned([-1.5, 1.5, 0, ...Array<number>(9).fill(0)], 2).data.slice(0, 3)]).toEqual([0, 255, 128]);
});
