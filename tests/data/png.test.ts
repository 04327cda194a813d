import sharp from "sharp";
import { expect, test } from "vitest";
import { encodePng, pngDataUri } from "../../src/data/png.ts";
import { RandomStream } from "../../src/random.ts";

test("another decoder reads the same pixels", async () => {
  const random = new RandomStream(1, "png");
  const data = Uint8Array.from({ length: 7 * 5 * 3 }, () => random.integer(256));
  const { data: read, info } = await sharp(encodePng({ width: 7, height: 5, data }))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([7, 5, 3]);
  expect(Uint8Array.from(read)).toEqual(data);
});

test("the data URI holds the file in base64", () => {
  const image = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) };
  const uri = pngDataUri(image);
  expect(uri.startsWith("data:image/png;base64,")).toBe(true);
  expect(Uint8Array.from(Buffer.from(uri.split(",")[1]!, "base64"))).toEqual(encodePng(image));
});
