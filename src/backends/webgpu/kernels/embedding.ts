/** Lowering of table rows by index. Tables that one binding cannot hold go band by band. */
import { elementCount, inputOf, outputOf, sizeOf } from "../../../graph/tensor.ts";
import { defineLowering } from "../lowering.ts";
import { bandOf, bandsOf, dispatchFlat, gridOf, lanesOf } from "./bands.ts";

defineLowering("gather", (node, { profile, dispatch }) => {
  const [table, ids, y] = [inputOf(node, 0), inputOf(node, 1), outputOf(node)];
  const [ROWS, C] = table.shape as [number, number];
  const N = elementCount(ids.shape);
  const { shader, lanes } = lanesOf("embedding/gather", C);
  for (const band of bandsOf(ROWS * C, profile, C)) {
    const constants = { ROWS, FIRST: band.start / C, COUNT: band.count / C, N, C };
    dispatch({ shader, constants, bindings: [bandOf(table, band), ids, y], workgroups: gridOf((N * C) / lanes) });
  }
});

defineLowering("gather_gradient", (node, context) => {
  const [ids, dy, dtable] = [inputOf(node, 0), inputOf(node, 1), outputOf(node)];
  const C = sizeOf(dtable, 1);
  const N = elementCount(ids.shape);
  const links = context.scratch(N * 8, "links");
  const linking = { shader: "embedding/link_places.wgsl", constants: { N } };
  context.dispatch({ ...linking, bindings: [ids, links], workgroups: gridOf(N) });
  dispatchFlat(context, { shader: "elementwise/filled.wgsl", constants: { VALUE: 0 } }, [dtable]);
  const { shader, lanes } = lanesOf("embedding/gather_gradient", C);
  for (const band of bandsOf(elementCount(dtable.shape), context.profile, C)) {
    const constants = { FIRST: band.start / C, COUNT: band.count / C, N, C };
    const bindings = [ids, links, dy, bandOf(dtable, band)];
    context.dispatch({ shader, constants, bindings, workgroups: gridOf((N * C) / lanes) });
  }
});
