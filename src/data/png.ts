/** Pictures as PNG bytes, for pages and reports. */
import { zlibSync } from "fflate";
import { joinBytes } from "./bytes.ts";
import { crc32 } from "./crc32.ts";
import type { Image } from "./image.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const BITS = 8;
const TRUECOLOUR = 2;
const CHANNELS = 3;

/** What each filter expects of a byte, by the bytes at the left, above, and above at the left; clause 9.2. */
const expectations: readonly ((left: number, up: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
];

/**
 * An RGB picture as a PNG file, without loss.
 *
 * W3C Portable Network Graphics, 3rd edition: signature, IHDR, one IDAT, IEND; each row has the filter that leaves the least
 * (clause 12.7), which makes atlases of the mini world's pictures a sixth to a third smaller than no filter.
 */
export function encodePng({ width, height, data }: Image): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([BITS, TRUECOLOUR, 0, 0, 0], 8);
  return joinBytes([
    Uint8Array.from(signature),
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(filteredRows(data, width * CHANNELS, height), { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** A picture as a `data:` URI of its PNG. */
export function pngDataUri(image: Image): string {
  return `data:image/png;base64,${btoa(Array.from(encodePng(image), (byte) => String.fromCharCode(byte)).join(""))}`;
}

/** Whichever of the three is nearest to left + up − corner, the first where several are; clause 9.4. */
function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** Rows of `stride` bytes, each after the number of its filter. */
function filteredRows(data: Uint8Array, stride: number, height: number): Uint8Array {
  const rows = new Uint8Array(height * (stride + 1));
  const tried = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    let least = Infinity;
    for (const [filter, expected] of expectations.entries()) {
      const sum = filterRow(data, stride, y, expected, tried);
      if (sum >= least) continue;
      least = sum;
      rows[y * (stride + 1)] = filter;
      rows.set(tried, y * (stride + 1) + 1);
    }
  }
  return rows;
}

/** Writes the differences of a row from what a filter expects. @returns the sum of their sizes, as signed bytes */
function filterRow(
  data: Uint8Array,
  stride: number,
  y: number,
  expected: (left: number, up: number, corner: number) => number,
  out: Uint8Array,
): number {
  const [row, above] = [y * stride, (y - 1) * stride];
  let sum = 0;
  for (let x = 0; x < stride; x++) {
    const hasLeft = x >= CHANNELS;
    const left = hasLeft ? data[row + x - CHANNELS]! : 0;
    const up = y > 0 ? data[above + x]! : 0;
    const corner = hasLeft && y > 0 ? data[above + x - CHANNELS]! : 0;
    const difference = (data[row + x]! - expected(left, up, corner)) & 0xff;
    out[x] = difference;
    sum += Math.min(difference, 256 - difference);
  }
  return sum;
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
