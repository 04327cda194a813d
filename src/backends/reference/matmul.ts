/** f64 loops of the matrix product. */
import { elementCount, flagOf, inputOf, sizeOf } from "../../graph/tensor.ts";
import { defineReference } from "./ops.ts";

defineReference("matmul", (node, [a, b]) => {
  const [ta, tb] = [flagOf(node, "transposeA"), flagOf(node, "transposeB")];
  const left = inputOf(node, 0);
  const right = inputOf(node, 1);
  const [M, K] = ta ? [sizeOf(left, -1), sizeOf(left, -2)] : [sizeOf(left, -2), sizeOf(left, -1)];
  const N = tb ? sizeOf(right, -2) : sizeOf(right, -1);
  const batch = elementCount(left.shape.slice(0, -2));
  const y = new Float64Array(batch * M * N);
  // Steps between neighbours in op(a) and op(b).
  const [am, ak] = ta ? [1, M] : [K, 1];
  const [bk, bn] = tb ? [1, K] : [N, 1];
  for (let z = 0; z < batch; z++)
    for (let m = 0; m < M; m++)
      for (let k = 0; k < K; k++) {
        const value = a![z * M * K + m * am + k * ak]!;
        const row = (z * M + m) * N;
        for (let n = 0; n < N; n++) y[row + n]! += value * b![z * K * N + k * bk + n * bn]!;
      }
  return [y];
});
