import type { RandomStream } from "../../src/random.ts";

type Color = readonly [number, number, number];

const between = (stream: RandomStream, low: number, high: number): number => low + (high - low) * stream.uniform();

/** HSV to RGB, all in [0, 1]. */
const hsv = (hue: number, saturation: number, value: number): Color => {
  const channel = (offset: number): number => {
    const k = (offset + hue * 6) % 6;
    return value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
};

const light = (stream: RandomStream): Color =>
  hsv(stream.uniform(), between(stream, 0, 0.15), between(stream, 0.85, 1));

const muted = (stream: RandomStream): Color =>
  hsv(stream.uniform(), between(stream, 0.05, 0.35), between(stream, 0.35, 0.9));

const mix = (a: Color, b: Color, t: number): Color => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];

const fill = (size: number, color: (x: number, y: number) => Color): Float32Array => {
  const out = new Float32Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) out.set(color((x + 0.5) / size, (y + 0.5) / size), (y * size + x) * 3);
  }
  return out;
};

const solid = (size: number, stream: RandomStream): Float32Array => {
  const color = light(stream);
  return fill(size, () => color);
};

const gradient = (size: number, stream: RandomStream): Float32Array => {
  const [from, to] = [muted(stream), light(stream)];
  const angle = 2 * Math.PI * stream.uniform();
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.abs(dx) + Math.abs(dy);
  return fill(size, (x, y) => mix(from, to, 0.5 + ((x - 0.5) * dx + (y - 0.5) * dy) / reach));
};

const horizon = (size: number, stream: RandomStream): Float32Array => {
  const [sky, ground] = [light(stream), muted(stream)];
  const level = between(stream, 0.5, 0.85);
  const shade = between(stream, 0.7, 1);
  const far = mix([0, 0, 0], sky, shade);
  return fill(size, (_, y) => {
    const above = Math.min(1, Math.max(0, (level - y) * 40 + 0.5));
    return mix(ground, mix(far, sky, 1 - y), above);
  });
};

const smoothStep = (t: number): number => t * t * (3 - 2 * t);

/** A coarse grid of muted colours, joined smoothly, like things out of focus. */
const texture = (size: number, stream: RandomStream): Float32Array => {
  const cells = 3 + stream.integer(5);
  const base = muted(stream);
  const strength = between(stream, 0.4, 0.9);
  const colors = Array.from({ length: (cells + 1) ** 2 }, () => mix(base, muted(stream), strength));
  return fill(size, (x, y) => {
    const [column, row] = [Math.floor(x * cells), Math.floor(y * cells)];
    const [tx, ty] = [smoothStep(x * cells - column), smoothStep(y * cells - row)];
    const at = row * (cells + 1) + column;
    const top = mix(colors[at]!, colors[at + 1]!, tx);
    return mix(top, mix(colors[at + cells + 1]!, colors[at + cells + 2]!, tx), ty);
  });
};

/**
 * A background of a random kind: light paper, a gradient, a horizon or a muted smooth texture.
 *
 * @returns [size, size, 3] in [0, 1]
 */
export const drawBackground = (size: number, stream: RandomStream): Float32Array =>
  stream.choice([solid, gradient, horizon, texture])(size, stream);
