import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { crc32 } from "../../../src/data/crc32.ts";
import { imageHeader } from "../../../src/data/import/image-header.ts";
import { defaultLimits } from "../../../src/data/import/limits.ts";
import { FormatError } from "../../../src/errors.ts";
import { concat, utf8 } from "./archives.ts";

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const be = (value: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);
const le = (value: number, bytes: number): Uint8Array => be(value, bytes).reverse();

const png = (width: number, height: number): Uint8Array => {
  const header = concat(utf8("IHDR"), be(width, 4), be(height, 4), Uint8Array.of(8, 2, 0, 0, 0));
  return concat(latin1("\x89PNG\r\n\x1a\n"), be(13, 4), header, be(crc32(header), 4));
};
const jpeg = (width: number, height: number, marker = 0xc0, before: Uint8Array = new Uint8Array(0)): Uint8Array => {
  const sides = concat(be(height, 2), be(width, 2));
  return concat(
    Uint8Array.of(0xff, 0xd8),
    before,
    Uint8Array.of(0xff, marker, 0, 11, 8),
    sides,
    latin1("\x01\x01\x11\0"),
  );
};
const riff = (chunk: string, content: Uint8Array): Uint8Array =>
  concat(utf8("RIFF"), le(content.length + 12, 4), utf8("WEBP"), utf8(chunk), le(content.length, 4), content);
const vp8 = (width: number, height: number): Uint8Array =>
  riff("VP8 ", concat(Uint8Array.of(0, 0, 0, 0x9d, 1, 0x2a), le(width, 2), le(height, 2)));
const vp8l = (width: number, height: number): Uint8Array =>
  riff("VP8L", concat(Uint8Array.of(0x2f), le(width - 1 + (height - 1) * 2 ** 14, 4), new Uint8Array(1)));
const vp8x = (width: number, height: number): Uint8Array =>
  riff("VP8X", concat(new Uint8Array(4), le(width - 1, 3), le(height - 1, 3)));

const changed = (bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};

describe("imageHeader agrees with libvips on", () => {
  const picture = sharp({ create: { width: 37, height: 21, channels: 3, background: "teal" } });
  const clear = sharp({ create: { width: 37, height: 21, channels: 4, background: "#00800080" } });
  test.each([
    ["a baseline JPEG", "jpeg", picture.clone().jpeg()],
    ["a progressive JPEG with metadata", "jpeg", picture.clone().withMetadata().jpeg({ progressive: true })],
    ["a PNG", "png", picture.clone().png()],
    ["an interlaced PNG of a palette", "png", picture.clone().png({ progressive: true, palette: true })],
    ["a lossy WebP", "webp", picture.clone().webp()],
    ["a lossless WebP", "webp", picture.clone().webp({ lossless: true })],
    ["a WebP with transparency", "webp", clear.clone().webp()],
  ] as const)("%s", async (_, format, image) => {
    const bytes = new Uint8Array(await image.toBuffer());
    expect(imageHeader(bytes, "a")).toEqual({ format, width: 37, height: 21 });
  });
});

describe("imageHeader reads", () => {
  test.each([
    ["a JPEG of each frame type", jpeg(3, 2, 0xcf), "jpeg"],
    [
      "a JPEG with other segments and fill bytes",
      jpeg(3, 2, 0xc2, latin1("\xff\xe0\0\x04ab\xff\xff\xff\xc4\0\x02")),
      "jpeg",
    ],
    ["a PNG", png(3, 2), "png"],
    ["VP8", vp8(3, 2), "webp"],
    ["VP8 with a scale in the high bits", vp8(3 | 0x4000, 2 | 0xc000), "webp"],
    ["VP8L", vp8l(3, 2), "webp"],
    ["VP8X", vp8x(3, 2), "webp"],
  ])("%s", (_, bytes, format) => {
    expect(imageHeader(bytes, "a")).toEqual({ format, width: 3, height: 2 });
  });

  test.each([
    ["8192 × 2048", png(8192, 2048), 8192],
    ["4096 × 4096", jpeg(4096, 4096), 4096],
    ["2048 × 8192", vp8l(2048, 8192), 2048],
  ])("%s, which is at the limit", (_, bytes, width) => {
    expect(imageHeader(bytes, "a").width).toBe(width);
  });

  test("a file in the middle of a larger buffer", () => {
    const file = concat(new Uint8Array(5), jpeg(3, 2), new Uint8Array(5)).subarray(5);
    expect(imageHeader(file, "a")).toMatchObject({ width: 3, height: 2 });
  });
});

describe("imageHeader refuses", () => {
  test.each([
    ["an empty file", new Uint8Array(0), "got an empty file"],
    ["a GIF", utf8("GIF89a\x01\0\x01\0"), "got a GIF"],
    ["a BMP", utf8("BM1234"), "got a BMP"],
    ["a TIFF", utf8("II*\0"), "got a TIFF"],
    ["a TIFF of the other order", utf8("MM\0*"), "got a TIFF"],
    ["a HEIC", utf8("\0\0\0\x18ftypheic"), "got a HEIC"],
    ["an AVIF", utf8("\0\0\0\x18ftypavif"), "got an AVIF"],
    ["a video", utf8("\0\0\0\x18ftypisom"), "got a video"],
    ["a PDF", utf8("%PDF-1.7"), "got a PDF"],
    ["a zip", utf8("PK\x03\x04"), "got a zip archive"],
    ["an SVG", utf8("<svg xmlns='http://www.w3.org/2000/svg'/>"), "got an SVG"],
    ["an SVG with a prologue", utf8("\ufeff<?xml version='1.0'?>\n<!-- a -->\n<svg/>"), "got an SVG"],
    ["HTML", utf8("\n<!DOCTYPE html><html>"), "got an HTML page"],
    ["other bytes", Uint8Array.of(1, 2, 0xab), "got bytes 01 02 ab"],
    ["a text", utf8("404: Not found"), "a JPEG, PNG or WebP image"],
    ["a RIFF that is no WebP", utf8("RIFF\x04\0\0\0WAVE"), "a JPEG, PNG or WebP image"],
    ["a JPEG without a frame", latin1("\xff\xd8\xff\xe0\0\x02\xff\xd9"), "marker ffd9 before it"],
    ["a JPEG that scans before its frame", latin1("\xff\xd8\xff\xda\0\x02"), "marker ffda before it"],
    ["a JPEG inside a JPEG", latin1("\xff\xd8\xff\xd8\xff\xc0"), "marker ffd8 before it"],
    ["a JPEG segment of length 0", latin1("\xff\xd8\xff\xe0\0\0\xff\xc0"), "at least 2 bytes, got 0"],
    ["a JPEG with bytes between segments", latin1("\xff\xd8\xff\xe0\0\x02xy"), "a JPEG marker, got byte 120 at 6"],
    ["a JPEG frame of another length", changed(jpeg(3, 2), 5, 12), "a length of 12"],
    ["a PNG whose first chunk is another", changed(png(3, 2), 12, 0x4a), 'IHDR first, got "JHDR"'],
    ["a PNG whose IHDR has 14 bytes", changed(png(3, 2), 11, 14), "an IHDR of 13 bytes, got 14"],
    ["a PNG with a changed width", changed(png(3, 2), 19, 4), "CRC-32"],
    ["a WebP of another chunk", riff("ICCP", new Uint8Array(10)), 'VP8, VP8L or VP8X, got "ICCP"'],
    ["a WebP frame that needs another", changed(vp8(3, 2), 20, 1), "a WebP key frame"],
    ["a WebP without start code", changed(vp8(3, 2), 23, 0), "a VP8 start code"],
    ["a VP8L of another signature", changed(vp8l(3, 2), 20, 0), "a VP8L signature"],
    ["a width of 0", png(0, 2), "sides of at least 1 pixel, got 0 × 2"],
    ["a height of 0, which a later segment would tell", jpeg(3, 0), "sides of at least 1 pixel"],
    ["a WebP of width 0", vp8(0, 2), "sides of at least 1 pixel"],
    ["a JPEG of 65,535²", jpeg(65535, 65535), "sides of at most 8192 pixels, got 65535 × 65535"],
    ["a PNG of 2^32 − 1", png(2 ** 32 - 1, 2 ** 32 - 1), "sides of at most 8192 pixels"],
    ["a PNG of 2^31 × 2, whose area is 0 in 32 bits", png(2 ** 31, 2), "sides of at most 8192 pixels"],
    ["a WebP of 16,384²", vp8l(16384, 16384), "sides of at most 8192 pixels"],
    ["a canvas of 2^24", vp8x(2 ** 24, 1), "sides of at most 8192 pixels"],
    ["8193 × 1", png(8193, 1), "sides of at most 8192 pixels"],
    ["8192 × 2049", png(8192, 2049), "at most 16777216 pixels, got 8192 × 2049"],
    ["4097 × 4096", jpeg(4097, 4096), "at most 16777216 pixels"],
  ])("%s", (_, bytes, expected) => {
    expect(() => imageHeader(bytes, "dir/a.png")).toThrow(FormatError);
    expect(() => imageHeader(bytes, "dir/a.png")).toThrow("dir/a.png: expected");
    expect(() => imageHeader(bytes, "dir/a.png")).toThrow(expected);
  });

  test.each([
    ["JPEG", jpeg(3, 2, 0xc0, latin1("\xff\xe0\0\x04ab")), 25 - 6 + 2],
    ["PNG", png(3, 2), 33],
    ["VP8", vp8(3, 2), 30],
    ["VP8L", vp8l(3, 2), 26],
    ["VP8X", vp8x(3, 2), 30],
  ])("a %s header cut at any byte", (_, bytes, length) => {
    expect(bytes.length).toBe(length);
    for (let end = 0; end < length; end++) {
      expect(() => imageHeader(bytes.subarray(0, end), "a"), String(end)).toThrow(FormatError);
    }
  });

  test("a file over the limit, whatever it is", () => {
    const limits = { ...defaultLimits, imageFileBytes: 40 };
    expect(imageHeader(concat(png(3, 2), new Uint8Array(7)), "a", limits)).toMatchObject({ width: 3 });
    expect(() => imageHeader(concat(png(3, 2), new Uint8Array(8)), "a", limits)).toThrow("at most 40 bytes, got 41");
    expect(() => imageHeader(new Uint8Array(20_000_001), "a")).toThrow("at most 20000000 bytes");
  });
});
