/** Random numbers of the reference: `random.ts` itself. */
import { fillNormal, fillUniform } from "../../random.ts";
import { elementCount, outputOf, stringOf } from "../../graph/tensor.ts";
import { defineReference } from "./ops.ts";

defineReference("random", (node, [seeds]) => {
  const n = seeds!.length / 4;
  const width = elementCount(outputOf(node).shape) / n;
  const fill = stringOf(node, "kind") === "normal" ? fillNormal : fillUniform;
  const y = new Float64Array(n * width);
  for (let r = 0; r < n; r++) {
    const [key0, key1, sample, step] = seeds!.subarray(4 * r, 4 * r + 4) as unknown as [number, number, number, number];
    const row = new Float32Array(width);
    fill(row, [key0, key1], sample, step);
    y.set(row, r * width);
  }
  return [y];
});
