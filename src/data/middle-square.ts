/** Pictures of any size as square ones of one size, by the same arithmetic on every machine. */

/** A picture whose pixels have three channels, or four of which the last is not looked at. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** [height, width, channels], 8 bits */
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly channels: 3 | 4;
}

/** Lanczos-3: the kernel ends at three of its periods. */
const reach = 3;

/**
 * The middle square of a picture in another size: averages of whole pixels down to at least twice the size, then Lanczos-3.
 *
 * libvips' `resize` and sharp's `cover` do the same, which the command line uses; values differ from theirs by rounding, and
 * for pictures that are enlarged.
 *
 * @returns [resolution, resolution, 3]
 */
export function middleSquare(raster: Raster, resolution: number): Uint8Array {
  const scale = Math.min(raster.width, raster.height) / resolution;
  const factor = Math.max(1, Math.floor(scale / 2));
  const { width, height, data } = averaged(raster, factor);
  const columns = tapsOf(raster.width, scale, factor, resolution, width);
  const rows = tapsOf(raster.height, scale, factor, resolution, height);
  const narrow = weighed(data, columns, {
    lines: height,
    line: width * 3,
    step: 3,
    outLine: resolution * 3,
    outStep: 3,
  });
  const square = weighed(narrow, rows, {
    lines: resolution,
    line: 3,
    step: resolution * 3,
    outLine: 3,
    outStep: resolution * 3,
  });
  // Rounds and clamps as it stores.
  return new Uint8Array(Uint8ClampedArray.from(square).buffer);
}

/** A picture of floats: [height, width, 3]. */
interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Means of squares of `factor` pixels a side; those at the right and lower edges are of what is there. */
function averaged({ width, height, data, channels }: Raster, factor: number): Plane {
  const [columns, rows] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const sums = new Float32Array(columns * rows * 3);
  for (let y = 0; y < height; y++) {
    const line = Math.floor(y / factor) * columns;
    for (let x = 0; x < width; x++) {
      const [from, to] = [(y * width + x) * channels, (line + Math.floor(x / factor)) * 3];
      for (let c = 0; c < 3; c++) sums[to + c]! += data[from + c]!;
    }
  }
  const present = (length: number, i: number): number => Math.min(factor, length - i * factor);
  return {
    width: columns,
    height: rows,
    data: sums.map((sum, i) => {
      const pixel = Math.floor(i / 3);
      return sum / (present(width, pixel % columns) * present(height, Math.floor(pixel / columns)));
    }),
  };
}

/** For each place of the result, the places that it is made of and their weights, which sum to 1. */
type Taps = readonly { readonly from: readonly number[]; readonly weights: readonly number[] }[];

/**
 * @param length of the picture's side in its own pixels
 * @param scale its pixels for one of the result
 * @param factor its pixels for one of the averaged picture, of which there are `count`
 */
function tapsOf(length: number, scale: number, factor: number, resolution: number, count: number): Taps {
  const whole = Math.round(length / scale);
  const cut = Math.floor((whole - resolution + 1) / 2);
  const width = Math.max(1, scale / factor);
  return Array.from({ length: resolution }, (_, i) => {
    const centre = (length / 2 + (cut + i + 0.5 - whole / 2) * scale) / factor;
    const first = Math.ceil(centre - reach * width - 0.5);
    const places = Array.from({ length: Math.floor(centre + reach * width - 0.5) - first + 1 }, (_, j) => first + j);
    const weights = places.map((place) => lanczos((place + 0.5 - centre) / width));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    // Beyond the border the last pixel is repeated.
    const from = places.map((place) => Math.min(Math.max(place, 0), count - 1));
    return { from, weights: weights.map((weight) => weight / sum) };
  });
}

/** sinc(x) · sinc(x / 3) between −3 and 3. */
function lanczos(x: number): number {
  if (Math.abs(x) >= reach) return 0;
  return sinc(x) * sinc(x / reach);
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Applies taps along one axis; lines lie `line` numbers apart, places of a line `step`. */
function weighed(
  data: Float32Array,
  taps: Taps,
  at: {
    readonly lines: number;
    readonly line: number;
    readonly step: number;
    readonly outLine: number;
    readonly outStep: number;
  },
): Float32Array {
  const out = new Float32Array(at.lines * taps.length * 3);
  for (let line = 0; line < at.lines; line++)
    taps.forEach(({ from, weights }, i) => {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        from.forEach((place, j) => (sum += weights[j]! * data[line * at.line + place * at.step + c]!));
        out[line * at.outLine + i * at.outStep + c] = sum;
      }
    });
  return out;
}
