/** Pictures as CLIP's image encoder takes them: shortest side to its size, the middle, its means and deviations. */
import { AdapterError } from "../../src/errors.ts";

/** Means and standard deviations of red, green and blue; openai/CLIP `clip.py`, `_transform`. */
const mean = [0.48145466, 0.4578275, 0.40821073] as const;
const deviation = [0.26862954, 0.26130258, 0.27577711] as const;

/** A picture's size after resizing, and where its middle square begins. */
export interface Crop {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

/** Where the middle square of a picture lies, as transformers' `CLIPImageProcessor` counts it. */
export function cropOf(width: number, height: number, side: number): Crop {
  const shortest = Math.min(width, height);
  const [wide, high] = [Math.floor((side * width) / shortest), Math.floor((side * height) / shortest)];
  return { width: wide, height: high, left: Math.floor((wide - side) / 2), top: Math.floor((high - side) / 2) };
}

/**
 * Pixels as normalised planes.
 *
 * @param rgba [side, side, 4], 8 bits; alpha is not looked at
 * @returns [3, side, side]
 */
export function planesOf(rgba: Uint8ClampedArray, side: number): Float32Array {
  const area = side * side;
  const out = new Float32Array(3 * area);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < area; i++) out[c * area + i] = (rgba[4 * i + c]! / 255 - mean[c]!) / deviation[c]!;
  return out;
}

/**
 * A bitmap as the encoder's input, on white. Browsers resize with averages where transformers uses bicubic weights, so a resized
 * picture's values differ a little.
 *
 * @returns [3, side, side]
 * @throws AdapterError when the browser gives no canvas
 */
export async function pixelsOf(bitmap: ImageBitmap, side: number): Promise<Float32Array> {
  const { width, height, left, top } = cropOf(bitmap.width, bitmap.height, side);
  const isResized = bitmap.width !== width || bitmap.height !== height;
  const resizing = { resizeWidth: width, resizeHeight: height, resizeQuality: "high" } as const;
  const resized = isResized ? await createImageBitmap(bitmap, resizing) : bitmap;
  const context = whiteCanvas(side, side);
  context.drawImage(resized, -left, -top);
  if (resized !== bitmap) resized.close();
  return planesOf(context.getImageData(0, 0, side, side).data, side);
}

/** A small JPEG of a whole bitmap, for a page to show. @throws AdapterError when the browser gives no canvas */
export async function thumbnailOf(bitmap: ImageBitmap, longest = 224): Promise<Blob> {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((size) => Math.max(1, Math.round(size * scale)));
  const context = whiteCanvas(width!, height!);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width!, height!);
  return context.canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
}

function whiteCanvas(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new AdapterError("pictures", "the browser gives no canvas of this size");
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  return context;
}
