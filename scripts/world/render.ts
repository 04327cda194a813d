import sharp from "sharp";
import type { Icon } from "./icons.ts";

/** An icon as square RGBA pixels, colours premultiplied by alpha. */
export interface Master {
  readonly size: number;
  /** [size, size, 4] in [0, 1] */
  readonly data: Float32Array;
}

/** Side of the thumbnails by which doubles are found. */
const THUMBNAIL = 32;

/**
 * Draws an icon.
 *
 * @param size side in pixels
 * @throws Error when the drawing cannot be read, or shows nothing
 */
export const renderIcon = async (icon: Icon, size: number): Promise<Master> => {
  const { drawing } = icon;
  const side = String(size);
  const input =
    "svg" in drawing
      ? sharp(Buffer.from(drawing.svg.replace("<svg ", `<svg width="${side}" height="${side}" `)))
      : sharp(drawing.file);
  const bytes = await input
    .resize(size, size, { fit: "contain", background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer();
  const data = new Float32Array(size * size * 4);
  let coverage = 0;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = bytes[i + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) data[i + channel] = (bytes[i + channel]! / 255) * alpha;
    data[i + 3] = alpha;
    coverage += alpha;
  }
  if (coverage < 0.005 * size * size) throw new Error("nothing is drawn");
  return { size, data };
};

/**
 * The icon on white at 32 pixels, as distances from white scaled to length 1: a dot product of two is their cosine,
 * to which bare paper adds nothing.
 *
 * @returns [32, 32, 3]
 */
export const thumbnail = ({ size, data }: Master): Float32Array => {
  const factor = size / THUMBNAIL;
  const out = new Float32Array(THUMBNAIL * THUMBNAIL * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = (y * size + x) * 4;
      const to = (Math.floor(y / factor) * THUMBNAIL + Math.floor(x / factor)) * 3;
      for (let channel = 0; channel < 3; channel++) out[to + channel]! += data[from + 3]! - data[from + channel]!;
    }
  }
  const length = Math.hypot(...out) || 1;
  return out.map((value) => value / length);
};

/** Dot product of two thumbnails: 1 for equal drawings. */
export const cosine = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};
