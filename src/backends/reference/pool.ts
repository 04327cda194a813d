/** f64 loops of pooling and nearest-neighbour upsampling. */
import { elementCount, inputOf, numberOf, outputOf } from "../../graph/tensor.ts";
import { defineReference } from "./ops.ts";

defineReference("max_pool", (node, [x]) => {
  const [n, h, w, c] = inputOf(node, 0).shape as [number, number, number, number];
  const [, oh, ow] = outputOf(node).shape as [number, number, number, number];
  const [size, stride, padding] = [numberOf(node, "size"), numberOf(node, "stride"), numberOf(node, "padding")];
  const y = new Float64Array(n * oh * ow * c);
  const places = new Uint32Array(y.length);
  for (let i = 0; i < y.length; i++) {
    const [image, oy, ox, channel] = placeOf(i, oh, ow, c);
    let empty = true;
    // As in PyTorch, a NaN always wins: of several the last.
    for (let k = 0; k < size * size; k++) {
      const iy = oy * stride + Math.floor(k / size) - padding;
      const ix = ox * stride + (k % size) - padding;
      if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue;
      const value = x![((image * h + iy) * w + ix) * c + channel]!;
      if (!empty && !(value > y[i]!) && !Number.isNaN(value)) continue;
      empty = false;
      y[i] = value;
      places[i] = k;
    }
  }
  return [y, places];
});

defineReference("max_pool_gradient", (node, [places, dy]) => {
  const [, oh, ow, c] = inputOf(node, 1).shape as [number, number, number, number];
  const [, h, w] = outputOf(node).shape as [number, number, number, number];
  const [size, stride, padding] = [numberOf(node, "size"), numberOf(node, "stride"), numberOf(node, "padding")];
  const dx = new Float64Array(elementCount(outputOf(node).shape));
  for (let i = 0; i < dy!.length; i++) {
    const [image, oy, ox, channel] = placeOf(i, oh, ow, c);
    const iy = oy * stride + Math.floor(places![i]! / size) - padding;
    const ix = ox * stride + (places![i]! % size) - padding;
    dx[((image * h + iy) * w + ix) * c + channel]! += dy![i]!;
  }
  return [dx];
});

defineReference("average_pool", (node, [x]) => {
  const [, h, w, c] = inputOf(node, 0).shape as [number, number, number, number];
  const [, oh, ow] = outputOf(node).shape as [number, number, number, number];
  const [size, scale] = [numberOf(node, "size"), numberOf(node, "scale")];
  const y = new Float64Array(elementCount(outputOf(node).shape));
  for (let i = 0; i < x!.length; i++) {
    const [image, iy, ix, channel] = placeOf(i, h, w, c);
    y[((image * oh + Math.floor(iy / size)) * ow + Math.floor(ix / size)) * c + channel]! += scale * x![i]!;
  }
  return [y];
});

defineReference("upsample", (node, [x]) => {
  const [, h, w, c] = inputOf(node, 0).shape as [number, number, number, number];
  const [, oh, ow] = outputOf(node).shape as [number, number, number, number];
  const [size, scale] = [numberOf(node, "size"), numberOf(node, "scale")];
  const y = new Float64Array(elementCount(outputOf(node).shape));
  for (let i = 0; i < y.length; i++) {
    const [image, oy, ox, channel] = placeOf(i, oh, ow, c);
    y[i] = scale * x![((image * h + Math.floor(oy / size)) * w + Math.floor(ox / size)) * c + channel]!;
  }
  return [y];
});

/** (image, row, column, channel) of element i of [n, h, w, c]. */
function placeOf(i: number, h: number, w: number, c: number): [number, number, number, number] {
  const pixel = Math.floor(i / c);
  return [Math.floor(pixel / (h * w)), Math.floor(pixel / w) % h, pixel % w, i % c];
}
