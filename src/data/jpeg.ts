/** What JPEG takes from a picture, so that every arm of a comparison can carry the traces of one codec. */
import type { Image } from "./image.ts";

/** Quantisation of luma and of chroma, row by row. ITU-T T.81, tables K.1 and K.2. */
const lumaTable = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55],
  ...[14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62],
  ...[18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
];
const chromaTable = [
  ...[17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99],
  ...[24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99],
  ...Array.from({ length: 32 }, () => 99),
];

/** Side of a block. */
const side = 8;

/** The orthonormal cosine transform: [frequency, place]. */
const cosines = Float64Array.from({ length: side * side }, (_, i) => {
  const [frequency, place] = [Math.floor(i / side), i % side];
  const scale = Math.sqrt((frequency === 0 ? 1 : 2) / side);
  return scale * Math.cos(((2 * place + 1) * frequency * Math.PI) / (2 * side));
});

/**
 * A picture as it is after it was written as baseline JPEG (4:4:4) and read again: colours to YCbCr, blocks of 8 × 8 to
 * cosines, those rounded to multiples of the quantisation tables, and back. Coding the numbers loses nothing, so it is
 * left out.
 *
 * @param quality 1 to 100, scales the tables as the Independent JPEG Group's library does
 *
 * ITU-T T.81 (1992), annexes A and K; ITU-T T.871 for the colours.
 */
export function throughJpeg({ width, height, data }: Image, quality: number): Image {
  const planes = toPlanes(data);
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  planes.forEach((plane, i) => {
    const table = (i === 0 ? lumaTable : chromaTable).map((step) =>
      Math.min(Math.max(Math.floor((step * Math.floor(scale) + 50) / 100), 1), 255),
    );
    for (let y = 0; y < height; y += side)
      for (let x = 0; x < width; x += side) quantiseBlock(plane, width, height, x, y, table);
  });
  return { width, height, data: fromPlanes(planes) };
}

/** [n, 3] RGB to the planes Y − 128, Cb − 128, Cr − 128. */
function toPlanes(data: Uint8Array): [Float64Array, Float64Array, Float64Array] {
  const count = data.length / 3;
  const [luma, blue, red] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    const [r, g, b] = [data[i * 3]!, data[i * 3 + 1]!, data[i * 3 + 2]!];
    luma[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b) - 128;
    blue[i] = Math.round(-0.168736 * r - 0.331264 * g + 0.5 * b);
    red[i] = Math.round(0.5 * r - 0.418688 * g - 0.081312 * b);
  }
  return [luma, blue, red];
}

function fromPlanes([luma, blue, red]: readonly [Float64Array, Float64Array, Float64Array]): Uint8Array {
  // Rounds and clamps as it stores.
  const data = new Uint8ClampedArray(luma.length * 3);
  for (let i = 0; i < luma.length; i++) {
    const [y, cb, cr] = [luma[i]! + 128, blue[i]!, red[i]!];
    data[i * 3] = y + 1.402 * cr;
    data[i * 3 + 1] = y - 0.344136 * cb - 0.714136 * cr;
    data[i * 3 + 2] = y + 1.772 * cb;
  }
  return new Uint8Array(data.buffer);
}

/** Transforms, rounds and transforms back one block; beyond the border the last pixel is repeated. */
function quantiseBlock(
  plane: Float64Array,
  width: number,
  height: number,
  x: number,
  y: number,
  table: readonly number[],
): void {
  const at = (v: number, u: number): number => Math.min(y + v, height - 1) * width + Math.min(x + u, width - 1);
  const block = Float64Array.from({ length: side * side }, (_, i) => plane[at(Math.floor(i / side), i % side)]!);
  const spectrum = transformed(block, (frequency, place) => cosines[frequency * side + place]!);
  const rounded = spectrum.map((value, i) => Math.round(value / table[i]!) * table[i]!);
  const back = transformed(rounded, (place, frequency) => cosines[frequency * side + place]!);
  for (let v = 0; v < Math.min(side, height - y); v++)
    for (let u = 0; u < Math.min(side, width - x); u++)
      plane[at(v, u)] = Math.min(Math.max(Math.round(back[v * side + u]!), -128), 127);
}

/** M · block · Mᵀ. */
function transformed(block: Float64Array, matrix: (row: number, column: number) => number): Float64Array {
  const half = new Float64Array(side * side);
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++)
      for (let k = 0; k < side; k++) half[i * side + j]! += matrix(i, k) * block[k * side + j]!;
  const all = new Float64Array(side * side);
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++)
      for (let k = 0; k < side; k++) all[i * side + j]! += half[i * side + k]! * matrix(j, k);
  return all;
}
