import sharp from "sharp";
import { expect, test } from "vitest";
import type { Image } from "../../src/data/image.ts";
import { throughJpeg } from "../../src/data/jpeg.ts";
import { RandomStream } from "../../src/random.ts";

/** Smooth colours with an edge and some noise. */
function picture(width: number, height: number): Image {
  const random = new RandomStream(3, "jpeg");
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    const edge = (x - 9) ** 2 + (y - 12) ** 2 < 50 ? 90 : 0;
    return Math.min(255, 3 * x + 2 * y + 30 * c + edge + random.integer(20));
  });
  return { width, height, data };
}

test.each([
  [95, 32, 32],
  [75, 32, 32],
  [30, 20, 27],
])(
  "what JPEG of quality %i takes from %i×%i pixels is what libjpeg takes, to less than a level",
  async (quality, width, height) => {
    const image = picture(width, height);
    const raw = { width, height, channels: 3 as const };
    const encoded = await sharp(image.data, { raw }).jpeg({ quality, chromaSubsampling: "4:4:4" }).toBuffer();
    const expected = await sharp(encoded).raw().toBuffer();
    const got = throughJpeg(image, quality).data;
    const differences = Array.from(got, (value, i) => Math.abs(value - expected[i]!));
    // libjpeg transforms in integers, so a cosine between two steps may fall to the other side: a level over a whole block.
    expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThan(0.8);
    const taken = Array.from(got, (value, i) => Math.abs(value - image.data[i]!));
    expect(taken.reduce((sum, value) => sum + value, 0) / taken.length).toBeGreaterThan(quality === 95 ? 0.5 : 2);
  },
);

test("a grey picture of one value stays as it is", () => {
  const image = { width: 8, height: 8, data: new Uint8Array(192).fill(78) };
  expect(throughJpeg(image, 50)).toEqual(image);
});
