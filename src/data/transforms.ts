/** Random crops and flips of training pictures. */
import type { RandomStream } from "../random.ts";
import type { Image } from "./image.ts";

/** How training pictures are varied. */
export interface CropOptions {
  /** Range of the crop's share of the picture's area; [0.08, 1] for ImageNet. */
  readonly scale: readonly [number, number];
  /** Range of width over height; [3/4, 4/3]. */
  readonly ratio: readonly [number, number];
  /** Chance of a mirror image; 0.5, or 0 where left and right matter. */
  readonly flip: number;
}

/** A rectangle of a picture. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly flipped: boolean;
}

/**
 * Draws a crop as torchvision's RandomResizedCrop does: up to ten tries, then the largest central crop of an allowed ratio.
 *
 * torchvision/transforms/transforms.py, RandomResizedCrop.get_params.
 */
export function drawCrop(
  width: number,
  height: number,
  { scale, ratio, flip }: CropOptions,
  random: RandomStream,
): Crop {
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = between(...scale) * width * height;
    const aspect = Math.exp(between(Math.log(ratio[0]), Math.log(ratio[1])));
    const w = Math.round(Math.sqrt(area * aspect));
    const h = Math.round(Math.sqrt(area / aspect));
    if (w < 1 || h < 1 || w > width || h > height) continue;
    const top = random.integer(height - h + 1);
    const left = random.integer(width - w + 1);
    return { left, top, width: w, height: h, flipped: random.uniform() < flip };
  }
  const aspect = Math.min(Math.max(width / height, ratio[0]), ratio[1]);
  const w = Math.min(width, Math.round(height * aspect));
  const h = Math.min(height, Math.round(width / aspect));
  const flipped = random.uniform() < flip;
  return { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h, flipped };
}

/**
 * Resamples a crop to a square by bilinear interpolation, pixels as areas (half-pixel centres), in [-1, 1].
 *
 * Enlarging only: a crop larger than `size` would need a wider filter.
 *
 * @param out [size, size, 3], written from `offset`
 */
export function resampleCrop(image: Image, crop: Crop, size: number, out: Float32Array, offset: number): void {
  const { data, width } = image;
  for (let y = 0; y < size; y++) {
    const sy = clamp(((y + 0.5) * crop.height) / size - 0.5, crop.height - 1);
    const y0 = Math.floor(sy);
    const fy = sy - y0;
    const row0 = (crop.top + y0) * width;
    const row1 = (crop.top + Math.min(y0 + 1, crop.height - 1)) * width;
    for (let x = 0; x < size; x++) {
      const place = crop.flipped ? size - 1 - x : x;
      const sx = clamp(((place + 0.5) * crop.width) / size - 0.5, crop.width - 1);
      const x0 = Math.floor(sx);
      const fx = sx - x0;
      const left = crop.left + x0;
      const right = crop.left + Math.min(x0 + 1, crop.width - 1);
      const target = offset + (y * size + x) * 3;
      for (let c = 0; c < 3; c++) {
        const above = data[(row0 + left) * 3 + c]! * (1 - fx) + data[(row0 + right) * 3 + c]! * fx;
        const below = data[(row1 + left) * 3 + c]! * (1 - fx) + data[(row1 + right) * 3 + c]! * fx;
        out[target + c] = (above * (1 - fy) + below * fy) / 127.5 - 1;
      }
    }
  }
}

const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
