/** Pictures as PNG bytes, for pages and reports. */
import { zlibSync } from "fflate";
import { joinBytes } from "./bytes.ts";
import { crc32 } from "./crc32.ts";
import type { Image } from "./image.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const BITS = 8;
const TRUECOLOUR = 2;

/**
 * An RGB picture as a PNG file, without loss.
 *
 * W3C Portable Network Graphics, 3rd edition: signature, IHDR, one IDAT of unfiltered rows, IEND.
 */
export function encodePng({ width, height, data }: Image): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([BITS, TRUECOLOUR, 0, 0, 0], 8);
  const stride = width * 3;
  const rows = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return joinBytes([
    Uint8Array.from(signature),
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** A picture as a `data:` URI of its PNG. */
export function pngDataUri(image: Image): string {
  return `data:image/png;base64,${btoa(Array.from(encodePng(image), (byte) => String.fromCharCode(byte)).join(""))}`;
}

/** Length, type, data, and the CRC of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(new TextEncoder().encode(type), 4);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}
