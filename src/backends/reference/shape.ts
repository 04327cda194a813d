/** f64 loops of ops that move elements. */
import { elementCount, inputOf, numberOf, outputOf, sizeOf } from "../../graph/tensor.ts";
import { expectBelow } from "./bounds.ts";
import type { Numbers } from "./ops.ts";
import { defineReference } from "./ops.ts";

/** Copies `length` columns of each row. */
function copyColumns(
  x: Numbers,
  xWidth: number,
  xStart: number,
  y: Numbers,
  yWidth: number,
  yStart: number,
  length: number,
): void {
  for (let r = 0; r < x.length / xWidth; r++) {
    for (let c = 0; c < length; c++) y[r * yWidth + yStart + c] = x[r * xWidth + xStart + c]!;
  }
}

defineReference("concat", (node, xs) => {
  const width = sizeOf(outputOf(node), -1);
  const y = new Float64Array(elementCount(outputOf(node).shape));
  let start = 0;
  xs.forEach((x, index) => {
    const length = sizeOf(inputOf(node, index), -1);
    copyColumns(x, length, 0, y, width, start, length);
    start += length;
  });
  return [y];
});

defineReference("slice", (node, [x]) => {
  const length = sizeOf(outputOf(node), -1);
  const y = new Float64Array(elementCount(outputOf(node).shape));
  copyColumns(x!, sizeOf(inputOf(node, 0), -1), numberOf(node, "start"), y, length, 0, length);
  return [y];
});

defineReference("pad", (node, [x]) => {
  const length = sizeOf(inputOf(node, 0), -1);
  const y = new Float64Array(elementCount(outputOf(node).shape));
  copyColumns(x!, length, 0, y, sizeOf(outputOf(node), -1), numberOf(node, "start"), length);
  return [y];
});

defineReference("pick_rows", (node, [x, rows]) => {
  const [, t, c] = inputOf(node, 0).shape as [number, number, number];
  expectBelow("pick_rows: rows", rows!, t);
  const y = new Float64Array(rows!.length * c);
  rows!.forEach((row, b) => y.set(x!.subarray((b * t + row) * c, (b * t + row + 1) * c), b * c));
  return [y];
});

defineReference("pick_rows_gradient", (node, [rows, dy]) => {
  const [, t, c] = outputOf(node).shape as [number, number, number];
  expectBelow("pick_rows_gradient: rows", rows!, t);
  const dx = new Float64Array(rows!.length * t * c);
  rows!.forEach((row, b) => dx.set(dy!.subarray(b * c, (b + 1) * c), (b * t + row) * c));
  return [dx];
});
