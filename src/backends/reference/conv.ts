/** f64 loops of convolution and its gradients: one walk over the taps, three things done at each. */
import type { Node, Shape } from "../../graph/tensor.ts";
import { elementCount, inputOf, listOf, numberOf, outputOf } from "../../graph/tensor.ts";
import { defineReference } from "./ops.ts";

type Image = readonly [number, number, number, number];

/**
 * Calls `visit` for each output pixel and each kernel tap that falls inside the image.
 * @param visit takes offsets: of the input pixel's, the tap's and the output pixel's first channel
 */
function eachTap(
  node: Node,
  [input, weight, output]: readonly [Shape, Shape, Shape],
  visit: (x: number, w: number, y: number) => void,
): void {
  const [n, h, w, ci] = input as Image;
  const [kh, kw] = weight as Image;
  const [, oh, ow, co] = output as Image;
  const stride = numberOf(node, "stride");
  const [top, , left] = listOf(node, "padding") as [number, number, number, number];
  for (let image = 0; image < n; image++)
    for (let oy = 0; oy < oh; oy++)
      for (let ox = 0; ox < ow; ox++)
        for (let ky = 0; ky < kh; ky++)
          for (let kx = 0; kx < kw; kx++) {
            const iy = oy * stride + ky - top;
            const ix = ox * stride + kx - left;
            if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue;
            visit(((image * h + iy) * w + ix) * ci, (ky * kw + kx) * ci * co, ((image * oh + oy) * ow + ox) * co);
          }
}

// y[p] = Σ_k x[stride·p + k − pad] w[k]
defineReference("conv2d", (node, [x, weight]) => {
  const shapes = [inputOf(node, 0).shape, inputOf(node, 1).shape, outputOf(node).shape] as const;
  const [, , ci, co] = shapes[1] as Image;
  const y = new Float64Array(elementCount(shapes[2]));
  eachTap(node, shapes, (xAt, wAt, yAt) => {
    for (let i = 0; i < ci; i++) {
      const value = x![xAt + i]!;
      for (let o = 0; o < co; o++) y[yAt + o]! += value * weight![wAt + i * co + o]!;
    }
  });
  return [y];
});

// dx[stride·p + k − pad] += w[k]ᵀ dy[p]
defineReference("conv2d_input_gradient", (node, [dy, weight]) => {
  const shapes = [outputOf(node).shape, inputOf(node, 1).shape, inputOf(node, 0).shape] as const;
  const [, , ci, co] = shapes[1] as Image;
  const dx = new Float64Array(elementCount(shapes[0]));
  eachTap(node, shapes, (xAt, wAt, yAt) => {
    for (let i = 0; i < ci; i++) {
      let sum = 0;
      for (let o = 0; o < co; o++) sum += dy![yAt + o]! * weight![wAt + i * co + o]!;
      dx[xAt + i]! += sum;
    }
  });
  return [dx];
});

// dw[k] = Σ_p x[stride·p + k − pad]ᵀ dy[p]
defineReference("conv2d_weight_gradient", (node, [x, dy]) => {
  const shapes = [inputOf(node, 0).shape, outputOf(node).shape, inputOf(node, 1).shape] as const;
  const [, , ci, co] = shapes[1] as Image;
  const dw = new Float64Array(elementCount(shapes[1]));
  eachTap(node, shapes, (xAt, wAt, yAt) => {
    for (let i = 0; i < ci; i++) {
      const value = x![xAt + i]!;
      for (let o = 0; o < co; o++) dw[wAt + i * co + o]! += value * dy![yAt + o]!;
    }
  });
  return [dw];
});
