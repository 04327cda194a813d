/** An RGB picture, 8 bits a channel, as it lies in files and on screen. */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] */
  readonly data: Uint8Array;
}

/** Bytes of one RGB picture. */
export const imageBytes = (width: number, height: number): number => width * height * 3;

/**
 * Picture `index` of square pictures that lie one after another; a view, not a copy.
 *
 * @param pixels [n, resolution, resolution, 3]
 * @throws RangeError when there is no such picture
 */
export const imageAt = (pixels: Uint8Array, resolution: number, index: number): Image => {
  const size = imageBytes(resolution, resolution);
  if (!Number.isInteger(index) || index < 0 || (index + 1) * size > pixels.length) {
    throw new RangeError(
      `imageAt: expected an index below ${String(Math.floor(pixels.length / size))}, got ${String(index)}`,
    );
  }
  return { width: resolution, height: resolution, data: pixels.subarray(index * size, (index + 1) * size) };
};

/**
 * Chosen pictures as numbers for a network, value/127.5 − 1.
 *
 * @param pixels [n, resolution, resolution, 3]
 * @param indices which pictures, in order; repeats are allowed
 * @param out where to write; a new array without it
 * @returns [indices.length, resolution, resolution, 3] in [-1, 1]
 * @throws RangeError when an index has no picture
 */
export const signedPixels = (
  pixels: Uint8Array,
  resolution: number,
  indices: ArrayLike<number>,
  out = new Float32Array(indices.length * imageBytes(resolution, resolution)),
): Float32Array => {
  const size = imageBytes(resolution, resolution);
  for (let row = 0; row < indices.length; row++) {
    const { data } = imageAt(pixels, resolution, indices[row]!);
    for (let i = 0; i < size; i++) out[row * size + i] = data[i]! / 127.5 - 1;
  }
  return out;
};

/**
 * A network's numbers as a square picture: the way back from `signedPixels`, what lies outside [-1, 1] cut off.
 *
 * @param values [side, side, 3]
 */
export function imageOfSigned(values: ArrayLike<number>, side: number): Image {
  const data = Uint8Array.from(values, (value) => Math.round(Math.min(Math.max((value + 1) * 127.5, 0), 255)));
  return { width: side, height: side, data };
}

/** An image with left and right exchanged. */
export function mirrored({ width, height, data }: Image): Image {
  const turned = new Uint8Array(data.length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    const from = (row * width + width - 1 - column) * 3;
    turned.set(data.subarray(from, from + 3), pixel * 3);
  }
  return { width, height, data: turned };
}
