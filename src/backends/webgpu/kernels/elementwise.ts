/** Lowering of elementwise ops. */
import type { BinaryKind, UnaryKind } from "../../../graph/ops/elementwise.ts";
import { binaryKinds, unaryKinds } from "../../../graph/ops/elementwise.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import { elementCount, inputOf, listOf, numberOf, outputOf, sizeOf, stringOf } from "../../../graph/tensor.ts";
import { defineLowering } from "../lowering.ts";
import { bandOf, bandsOf, dispatchFlat, gridOf, lanesOf } from "./bands.ts";

for (const op of ["unary", "unary_gradient"]) {
  defineLowering(op, (node, context) => {
    const KIND = unaryKinds.indexOf(stringOf(node, "kind") as UnaryKind);
    const kernel = { shader: `elementwise/${op}.wgsl`, constants: { KIND } };
    dispatchFlat(context, kernel, [...node.inputs, outputOf(node)]);
  });
}

defineLowering("affine", (node, context) => {
  const constants = { SCALE: numberOf(node, "scale"), OFFSET: numberOf(node, "offset") };
  dispatchFlat(context, { shader: "elementwise/affine.wgsl", constants }, [inputOf(node, 0), outputOf(node)]);
});

defineLowering("filled", (node, context) => {
  const constants = { VALUE: numberOf(node, "value") };
  dispatchFlat(context, { shader: "elementwise/filled.wgsl", constants }, [outputOf(node)]);
});

defineLowering("widen", (node, context) => {
  dispatchFlat(context, { shader: "elementwise/widen.wgsl", constants: {} }, [inputOf(node, 0), outputOf(node)]);
});

defineLowering("combine", (node, context) => {
  const [coefficients, ...terms] = node.inputs;
  const kernel = { shader: "elementwise/combine.wgsl", constants: { TERMS: terms.length } };
  const rest = Array.from({ length: 6 - terms.length }, () => null);
  dispatchFlat(context, kernel, [coefficients!, outputOf(node), ...terms, ...rest]);
});

defineLowering("binary", (node, context) => {
  const KIND = binaryKinds.indexOf(stringOf(node, "kind") as BinaryKind);
  const bindings = [inputOf(node, 0), inputOf(node, 1), outputOf(node)];
  const count = elementCount(outputOf(node).shape);
  const [P, Q, C] = listOf(node, "sizes") as [number, number, number];
  const [SP, SQ, SC] = listOf(node, "strides") as [number, number, number];
  if (P * Q === 1 && SC === 1) {
    dispatchFlat(context, { shader: "elementwise/binary.wgsl", constants: { KIND, SAME: true } }, bindings);
  } else if (P * Q === 1) {
    // One number for all: the last axis may be cut anywhere.
    dispatchFlat(context, { shader: "elementwise/binary.wgsl", constants: { KIND } }, bindings);
  } else {
    const { shader, lanes } = lanesOf("elementwise/binary", C);
    const constants = { Q, C, SP, SQ, SC, KIND };
    // A row that repeats may be cut into bands of rows; other places depend on where a band begins.
    const bands = SP === 0 && SQ === 0 ? bandsOf(count, context.profile, C) : [{ start: 0, count }];
    for (const band of bands) {
      const [a, b, y] = bindings as [Tensor, Tensor, Tensor];
      const bound = [bandOf(a, band), b, bandOf(y, band)];
      context.dispatch({ shader, constants, bindings: bound, workgroups: gridOf(band.count / lanes) });
    }
  }
});

defineLowering("geglu", (node, { dispatch }) => {
  const y = outputOf(node);
  const C = sizeOf(y, -1);
  const { shader, lanes } = lanesOf("elementwise/geglu", C);
  const workgroups = gridOf(elementCount(y.shape) / lanes);
  dispatch({ shader, constants: { C }, bindings: [inputOf(node, 0), y], workgroups });
});

defineLowering("geglu_gradient", (node, { dispatch }) => {
  const dy = inputOf(node, 1);
  const C = sizeOf(dy, -1);
  const ROWS = elementCount(dy.shape) / C;
  const { shader, lanes } = lanesOf("elementwise/geglu_gradient", C);
  const workgroups = gridOf((ROWS * C) / lanes);
  dispatch({ shader, constants: { ROWS, C }, bindings: [inputOf(node, 0), dy, outputOf(node)], workgroups });
});
