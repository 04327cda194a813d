import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { imageHeader } from "../../../src/data/import/image-header.ts";
import { checkWhole } from "../../../src/data/import/whole-picture.ts";
import { encodePng } from "../../../src/data/png.ts";

const [width, height] = [40, 30];
const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 2654435761) >>> 24);
const raw = () => sharp(data, { raw: { width, height, channels: 3 } });

const pictures: Readonly<Record<string, () => Promise<Uint8Array> | Uint8Array>> = {
  "a PNG": () => encodePng({ width, height, data }),
  "a PNG of libpng": () => raw().png({ palette: true }).toBuffer(),
  "a baseline JPEG": () => raw().jpeg({ quality: 95 }).toBuffer(),
  "a progressive JPEG": () => raw().jpeg({ progressive: true }).withMetadata({ orientation: 6 }).toBuffer(),
};

const check = (bytes: Uint8Array): void => checkWhole(bytes, imageHeader(bytes, "x").format, "x");

for (const [name, make] of Object.entries(pictures)) {
  describe(name, () => {
    test("is whole, also with bytes behind its end", async () => {
      const bytes = new Uint8Array(await make());
      check(bytes);
      check(Uint8Array.of(...bytes, 0, 255, 1));
    });

    test("is cut short wherever it is cut", async () => {
      const bytes = new Uint8Array(await make());
      const cuts = Array.from({ length: bytes.length - 1 }, (_, i) => i + 1).filter((at) =>
        hasHeader(bytes.slice(0, at)),
      );
      expect(cuts.length).toBeGreaterThan(100);
      for (const at of cuts) expect(() => check(bytes.slice(0, at))).toThrow(/cut short/);
    });
  });
}

function hasHeader(bytes: Uint8Array): boolean {
  try {
    return imageHeader(bytes, "x").width > 0;
  } catch {
    return false;
  }
}

test("a PNG with a changed byte in its pixels is refused", () => {
  const bytes = encodePng({ width, height, data });
  bytes[200]! ^= 1;
  expect(() => check(bytes)).toThrow("x: expected IDAT with the CRC-32 that it names, got other bytes");
});
