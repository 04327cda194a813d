import { unzlibSync, zlibSync } from "fflate";
import sharp from "sharp";
import { expect, test } from "vitest";
import type { Image } from "../../src/data/image.ts";
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

/** A soft picture with a little noise, whose bands suit different filters. */
function softPicture(side: number): Image {
  const random = new RandomStream(2, "soft");
  const data = new Uint8Array(side * side * 3);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    const bands = [4 * x, 200 * random.uniform(), 4 * y, 2 * x + 2 * y, random.integer(2) * 255];
    data[i] = Math.floor(bands[Math.floor((y * bands.length) / side)]! + 6 * random.uniform());
  }
  return { width: side, height: side, data };
}

/** The one IDAT chunk's content. */
function rowsOf(png: Uint8Array): Uint8Array {
  const from = Buffer.from(png).indexOf("IDAT") + 4;
  const length = new DataView(png.buffer, png.byteOffset).getUint32(from - 8);
  return unzlibSync(png.subarray(from, from + length));
}

test("every row has a filter, all five occur, and another decoder undoes each", async () => {
  const image = softPicture(60);
  const png = encodePng(image);
  const filters = Array.from({ length: 60 }, (_, y) => rowsOf(png)[y * (60 * 3 + 1)]!);
  expect([...new Set(filters)].sort()).toEqual([0, 1, 2, 3, 4]);
  expect(Uint8Array.from(await sharp(png).raw().toBuffer())).toEqual(image.data);
});

test("filters make a soft picture smaller", () => {
  const image = softPicture(60);
  expect(encodePng(image).length).toBeLessThan(0.9 * zlibSync(image.data, { level: 9 }).length);
});

test("the data URI holds the file in base64", () => {
  const image = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) };
  const uri = pngDataUri(image);
  expect(uri.startsWith("data:image/png;base64,")).toBe(true);
  expect(Uint8Array.from(Buffer.from(uri.split(",")[1]!, "base64"))).toEqual(encodePng(image));
});
