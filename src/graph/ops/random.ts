/** Random numbers inside a graph: the same Philox stream as `random.ts`. */
import { ShapeError } from "../../errors.ts";
import { defineOp } from "../op.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { sizeOf } from "../tensor.ts";

/**
 * Random numbers, each row from its own counter, so that image 7 is the same whether or not images 0–6 were made.
 * @param seeds [n, 4] u32: key 0, key 1, sample, step of each row
 * @param shape of one row
 * @returns [n, ...shape]
 *
 * Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3": Philox-4x32-10.
 */
export function randomRows(kind: "normal" | "uniform", seeds: Tensor, shape: Shape): Tensor {
  if (seeds.shape.length !== 2 || sizeOf(seeds, 1) !== 4 || seeds.dtype !== "u32")
    throw new ShapeError("random: seeds", "[n, 4] u32", seeds.shape);
  return seeds.graph.node("random", [seeds], [{ shape: [sizeOf(seeds, 0), ...shape] }], { kind })[0]!;
}

defineOp({ name: "random", integers: [0], gradient: () => [] });
