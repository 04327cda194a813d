/** Lowering of elementwise ops. */
import type { BinaryKind } from "../../../graph/ops/elementwise.ts";
import { binaryKinds } from "../../../graph/ops/elementwise.ts";
import { elementCount, inputOf, listOf, outputOf, stringOf } from "../../../graph/tensor.ts";
import { defineLowering, lineGrid } from "../lowering.ts";

defineLowering("binary", (node, { dispatch }) => {
  const [P, Q, C] = listOf(node, "sizes") as [number, number, number];
  const [SP, SQ, SC] = listOf(node, "strides") as [number, number, number];
  dispatch({
    shader: "elementwise/binary.wgsl",
    constants: { P, Q, C, SP, SQ, SC, KIND: binaryKinds.indexOf(stringOf(node, "kind") as BinaryKind) },
    bindings: [inputOf(node, 0), inputOf(node, 1), outputOf(node)],
    workgroups: lineGrid(Math.ceil(elementCount(outputOf(node).shape) / 64)),
  });
});
