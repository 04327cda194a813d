/** Lowering of softmax and of the losses and scores built on it: all work row by row. */
import type { Node } from "../../../graph/tensor.ts";
import { elementCount, inputOf, sizeOf } from "../../../graph/tensor.ts";
import { defineLowering, lineGrid } from "../lowering.ts";
import type { Profile } from "../profile.ts";
import { gridOf } from "./bands.ts";

const rowsOf = (node: Node): { readonly ROW_COUNT: number; readonly C: number } => {
  const { shape } = inputOf(node, 0);
  const C = sizeOf({ shape }, -1);
  return { ROW_COUNT: elementCount(shape) / C, C };
};

/** A row an invocation, or on GPUs a workgroup. */
const rowGrid = (rows: number, profile: Profile): readonly [number, number, number] =>
  lineGrid(profile.name === "gpu" ? rows : Math.ceil(rows / 64));

for (const op of ["softmax", "softmax_gradient", "cross_entropy", "cross_entropy_gradient"]) {
  defineLowering(op, (node, { profile, dispatch }) => {
    const sizes = rowsOf(node);
    dispatch({
      shader: `softmax/${op}${profile.name === "gpu" ? "_tiled" : ""}.wgsl`,
      constants: {},
      sizes,
      bindings: [...node.inputs, ...node.outputs],
      workgroups: rowGrid(sizes.ROW_COUNT, profile),
    });
  });
}

defineLowering("top1", (node, { dispatch }) => {
  const sizes = rowsOf(node);
  dispatch({
    shader: "softmax/top1.wgsl",
    constants: {},
    sizes,
    bindings: [...node.inputs, ...node.outputs],
    workgroups: gridOf(sizes.ROW_COUNT),
  });
});
