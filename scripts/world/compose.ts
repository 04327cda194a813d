import { fillNormal, type RandomStream } from "../../src/random.ts";
import { drawBackground } from "./backgrounds.ts";
import type { Master } from "./render.ts";

/** How a picture may vary. Lengths are shares of the picture's side. */
export const composition = {
  scale: [0.62, 0.98],
  rotationDegrees: 8,
  mostRotationDegrees: 20,
  /** Strongest shadow, its offset and its blur. */
  shadow: 0.35,
  shadowOffset: 0.06,
  shadowBlur: 0.05,
  contrast: 0.2,
  brightness: 0.08,
  /** Standard deviation of the noise. */
  noise: 0.015,
} as const;

/** Where an icon lies: the inverse map from canvas to drawing, in pixels. */
interface Placement {
  readonly cosine: number;
  readonly sine: number;
  readonly centreX: number;
  readonly centreY: number;
}

const between = (stream: RandomStream, low: number, high: number): number => low + (high - low) * stream.uniform();

/**
 * Makes a small photo-like picture of an icon; everything random in it comes from the stream.
 *
 * @param master drawn at a multiple of the resolution
 * @param resolution side of the picture in pixels
 * @returns [resolution, resolution, 3]
 */
export const compose = (master: Master, stream: RandomStream, resolution: number): Uint8Array => {
  const { size } = master;
  const canvas = drawBackground(size, stream);
  const placement = place(size, stream);
  castShadow(canvas, master, placement, stream);
  const texel = new Float32Array(4);
  for (let y = 0, to = 0; y < size; y++) {
    for (let x = 0; x < size; x++, to += 3) {
      sample(master, placement, x, y, texel);
      const uncovered = 1 - texel[3]!;
      for (let channel = 0; channel < 3; channel++) {
        canvas[to + channel] = canvas[to + channel]! * uncovered + texel[channel]!;
      }
    }
  }
  return develop(canvas, size, stream, resolution);
};

const place = (size: number, stream: RandomStream): Placement => {
  const scale = between(stream, ...composition.scale);
  const most = composition.mostRotationDegrees;
  const degrees = Math.max(-most, Math.min(most, composition.rotationDegrees * stream.normal()));
  const angle = (degrees * Math.PI) / 180;
  const slack = (1 - scale) / 2;
  return {
    cosine: Math.cos(angle) / scale,
    sine: Math.sin(angle) / scale,
    centreX: size * (0.5 + between(stream, -slack, slack)),
    centreY: size * (0.5 + between(stream, -slack, slack)),
  };
};

/** The drawing's bilinear value under a canvas pixel; nothing outside of it. */
const sample = ({ size, data }: Master, at: Placement, x: number, y: number, out: Float32Array): void => {
  const dx = x + 0.5 - at.centreX;
  const dy = y + 0.5 - at.centreY;
  const u = at.cosine * dx + at.sine * dy + size / 2 - 0.5;
  const v = -at.sine * dx + at.cosine * dy + size / 2 - 0.5;
  out.fill(0);
  if (u <= -1 || v <= -1 || u >= size || v >= size) return;
  const left = Math.floor(u);
  const top = Math.floor(v);
  for (let row = top; row <= top + 1; row++) {
    if (row < 0 || row >= size) continue;
    const rowWeight = 1 - Math.abs(v - row);
    for (let column = left; column <= left + 1; column++) {
      if (column < 0 || column >= size) continue;
      const weight = rowWeight * (1 - Math.abs(u - column));
      const from = (row * size + column) * 4;
      for (let channel = 0; channel < 4; channel++) out[channel]! += weight * data[from + channel]!;
    }
  }
};

/** Darkens the canvas where the drawing, moved and blurred, keeps the light off. */
const castShadow = (canvas: Float32Array, master: Master, placement: Placement, stream: RandomStream): void => {
  const { size } = master;
  const strength = composition.shadow * stream.uniform();
  const offset = composition.shadowOffset * size;
  const moved = {
    ...placement,
    centreX: placement.centreX + between(stream, -offset, offset),
    centreY: placement.centreY + offset * stream.uniform(),
  };
  const cover = new Float32Array(size * size);
  const texel = new Float32Array(4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      sample(master, moved, x, y, texel);
      cover[y * size + x] = texel[3]!;
    }
  }
  const radius = Math.max(1, Math.round(composition.shadowBlur * size));
  const blurred = blurRows(blurRows(cover, size, radius), size, radius);
  for (let i = 0; i < canvas.length; i++) canvas[i]! *= 1 - strength * blurred[Math.floor(i / 3)]!;
};

/** A running mean along the rows, written transposed: twice is a box blur. */
const blurRows = (image: Float32Array, size: number, radius: number): Float32Array => {
  const out = new Float32Array(image.length);
  const width = 2 * radius + 1;
  for (let y = 0; y < size; y++) {
    let sum = 0;
    for (let x = -radius; x < size + radius; x++) {
      if (x + radius < size) sum += image[y * size + x + radius]!;
      if (x - radius - 1 >= 0) sum -= image[y * size + x - radius - 1]!;
      if (x >= 0 && x < size) out[x * size + y] = sum / width;
    }
  }
  return out;
};

/** Contrast, brightness, mean over each pixel's area, noise, and rounding to bytes. */
const develop = (canvas: Float32Array, size: number, stream: RandomStream, resolution: number): Uint8Array => {
  const contrast = between(stream, 1 - composition.contrast, 1 + composition.contrast);
  const brightness = between(stream, -composition.brightness, composition.brightness);
  const factor = size / resolution;
  const noise = new Float32Array(resolution * resolution * 3);
  fillNormal(noise, stream.key, 0, 0);
  const out = new Uint8Array(noise.length);
  for (let y = 0; y < resolution; y++) {
    for (let x = 0; x < resolution; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let row = y * factor; row < (y + 1) * factor; row++) {
          for (let column = x * factor; column < (x + 1) * factor; column++) {
            sum += canvas[(row * size + column) * 3 + channel]!;
          }
        }
        const to = (y * resolution + x) * 3 + channel;
        const value = (sum / factor ** 2 - 0.5) * contrast + 0.5 + brightness + composition.noise * noise[to]!;
        out[to] = Math.round(255 * Math.min(1, Math.max(0, value)));
      }
    }
  }
  return out;
};
