import { expect, test } from "vitest";
import { throughJpeg } from "../../src/data/jpeg.ts";
import { isPictureCodec, throughCodec } from "../../src/experiment/picture-codec.ts";
import { parseSpec } from "../../src/experiment/spec-file.ts";
import type { LabelledImages } from "../../src/training/classifier.ts";

function pictures(): LabelledImages & { asked: number } {
  const images = {
    ...{ count: 2, asked: 0, label: (i: number) => i },
    image: (i: number) => {
      images.asked++;
      return { width: 8, height: 8, data: Uint8Array.from({ length: 192 }, (_, at) => (at * (7 + i)) % 256) };
    },
  };
  return images;
}

test("a lossless run sees the pictures themselves", () => {
  const images = pictures();
  expect(throughCodec(images, "lossless")).toBe(images);
});

test("a JPEG run sees each picture as JPEG leaves it, coded once", () => {
  const images = pictures();
  const coded = throughCodec(images, "jpeg:60");
  const expected = throughJpeg(pictures().image(1), 60);
  expect([coded.image(1), coded.image(1)]).toEqual([expected, expected]);
  expect(images.asked).toBe(1);
  expect(coded.label(1)).toBe(1);
});

test("the spec takes lossless and jpeg with a quality, and says so of anything else", () => {
  expect(parseSpec("", "spec").pictureCodec).toBe("lossless");
  expect(parseSpec("pictureCodec: jpeg:90", "spec").pictureCodec).toBe("jpeg:90");
  expect(["jpeg", "jpeg:0", "jpeg:101", "png"].filter(isPictureCodec)).toEqual([]);
  expect(() => parseSpec("pictureCodec: jpeg:0", "spec")).toThrow(/expected lossless or jpeg:QUALITY/);
});
