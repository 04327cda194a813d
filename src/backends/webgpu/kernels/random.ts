/** Lowering of random numbers. */
import { elementCount, inputOf, outputOf, sizeOf, stringOf } from "../../../graph/tensor.ts";
import { defineLowering } from "../lowering.ts";
import { gridOf } from "./bands.ts";

defineLowering("random", (node, { dispatch }) => {
  const [seeds, y] = [inputOf(node, 0), outputOf(node)];
  const N = sizeOf(seeds, 0);
  const W = elementCount(y.shape) / N;
  const constants = { NORMAL: stringOf(node, "kind") === "normal", N, W };
  const workgroups = gridOf(N * Math.ceil(W / 4));
  dispatch({ shader: "random/random.wgsl", constants, bindings: [seeds, y], workgroups });
});
