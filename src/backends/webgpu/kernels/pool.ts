/** Lowering of pooling and nearest-neighbour upsampling. */
import type { Node, Tensor } from "../../../graph/tensor.ts";
import { elementCount, inputOf, numberOf, outputOf, sizeOf } from "../../../graph/tensor.ts";
import { defineLowering } from "../lowering.ts";
import { gridOf, lanesOf } from "./bands.ts";

/** The constants of both directions of a max pool. @param x [n, h, w, c] @param y [n, oh, ow, c] */
function windowsOf(node: Node, x: Tensor, y: Tensor): Record<string, number> {
  return {
    H: sizeOf(x, 1),
    W: sizeOf(x, 2),
    C: sizeOf(x, 3),
    OH: sizeOf(y, 1),
    OW: sizeOf(y, 2),
    SIZE: numberOf(node, "size"),
    STRIDE: numberOf(node, "stride"),
    PADDING: numberOf(node, "padding"),
  };
}

defineLowering("max_pool", (node, { dispatch }) => {
  const [x, y] = [inputOf(node, 0), outputOf(node)];
  const { shader, lanes } = lanesOf("pool/max_pool", sizeOf(x, 3));
  const constants = windowsOf(node, x, y);
  dispatch({ shader, constants, bindings: [x, ...node.outputs], workgroups: gridOf(elementCount(y.shape) / lanes) });
});

defineLowering("max_pool_gradient", (node, { dispatch }) => {
  const [dy, dx] = [inputOf(node, 1), outputOf(node)];
  const { shader, lanes } = lanesOf("pool/max_pool_gradient", sizeOf(dx, 3));
  const constants = windowsOf(node, dx, dy);
  dispatch({ shader, constants, bindings: [...node.inputs, dx], workgroups: gridOf(elementCount(dx.shape) / lanes) });
});

defineLowering("average_pool", (node, { dispatch }) => {
  const [x, y] = [inputOf(node, 0), outputOf(node)];
  const { shader, lanes } = lanesOf("pool/average_pool", sizeOf(x, 3));
  const scaling = { SIZE: numberOf(node, "size"), SCALE: numberOf(node, "scale") };
  const constants = { C: sizeOf(x, 3), OH: sizeOf(y, 1), OW: sizeOf(y, 2), ...scaling };
  dispatch({ shader, constants, bindings: [x, y], workgroups: gridOf(elementCount(y.shape) / lanes) });
});

defineLowering("upsample", (node, { dispatch }) => {
  const [x, y] = [inputOf(node, 0), outputOf(node)];
  const { shader, lanes } = lanesOf("pool/upsample", sizeOf(x, 3));
  const constants = {
    C: sizeOf(x, 3),
    W: sizeOf(x, 2),
    SIZE: numberOf(node, "size"),
    SCALE: numberOf(node, "scale"),
  };
  dispatch({ shader, constants, bindings: [x, y], workgroups: gridOf(elementCount(y.shape) / lanes) });
});
