/** Lowering of ops that move elements: concatenation, slices, padding, chosen rows. */
import type { Tensor } from "../../../graph/tensor.ts";
import { elementCount, inputOf, numberOf, outputOf, sizeOf } from "../../../graph/tensor.ts";
import type { LoweringContext } from "../lowering.ts";
import { defineLowering } from "../lowering.ts";
import { gridOf, lanesOf } from "./bands.ts";

/** Copies `length` columns of x from `xStart` to `yStart` of y. */
function copyColumns(
  { dispatch }: LoweringContext,
  x: Tensor,
  y: Tensor,
  { xStart = 0, yStart = 0, length }: { xStart?: number; yStart?: number; length: number },
): void {
  const ROWS = elementCount(x.shape) / sizeOf(x, -1);
  const widths = { X_WIDTH: sizeOf(x, -1), X_START: xStart, Y_WIDTH: sizeOf(y, -1), Y_START: yStart };
  const { shader, lanes } = lanesOf("shape/copy_columns", length, ...Object.values(widths));
  const sizes = { ROWS, LENGTH: length, ...widths };
  dispatch({ shader, constants: {}, sizes, bindings: [x, y], workgroups: gridOf((ROWS * length) / lanes) });
}

defineLowering("concat", (node, context) => {
  let yStart = 0;
  for (const x of node.inputs) {
    const length = sizeOf(x, -1);
    copyColumns(context, x, outputOf(node), { yStart, length });
    yStart += length;
  }
});

defineLowering("slice", (node, context) => {
  const y = outputOf(node);
  copyColumns(context, inputOf(node, 0), y, { xStart: numberOf(node, "start"), length: sizeOf(y, -1) });
});

defineLowering("pad", (node, { dispatch }) => {
  const [x, y] = [inputOf(node, 0), outputOf(node)];
  const constants = { X_WIDTH: sizeOf(x, -1), Y_WIDTH: sizeOf(y, -1), START: numberOf(node, "start") };
  const { shader, lanes } = lanesOf("shape/pad", ...Object.values(constants));
  dispatch({ shader, constants, bindings: [x, y], workgroups: gridOf(elementCount(y.shape) / lanes) });
});

defineLowering("pick_rows", (node, { dispatch }) => {
  const [x, y] = [inputOf(node, 0), outputOf(node)];
  const constants = { T: sizeOf(x, 1), C: sizeOf(x, 2) };
  const { shader, lanes } = lanesOf("shape/pick_rows", constants.C);
  dispatch({ shader, constants, bindings: [...node.inputs, y], workgroups: gridOf(elementCount(y.shape) / lanes) });
});

defineLowering("pick_rows_gradient", (node, { dispatch }) => {
  const dx = outputOf(node);
  const constants = { T: sizeOf(dx, 1), C: sizeOf(dx, 2) };
  const { shader, lanes } = lanesOf("shape/pick_rows_gradient", constants.C);
  dispatch({ shader, constants, bindings: [...node.inputs, dx], workgroups: gridOf(elementCount(dx.shape) / lanes) });
});
