/** Lowering of top-k: candidates of segments side by side, then the best of the candidates. */
import { inputOf, numberOf, outputOf } from "../../../graph/tensor.ts";
import { defineLowering } from "../lowering.ts";
import { gridOf } from "./bands.ts";

/** Rows of this length are searched at once. */
const shortRow = 256;

defineLowering("top_k", (node, { scratch, dispatch }) => {
  const [scores, values, indices] = [inputOf(node, 0), outputOf(node, 0), outputOf(node, 1)];
  const [N, M] = scores.shape as [number, number];
  const K = numberOf(node, "k");
  const shader = "search/top_k.wgsl";
  // Both passes do the same work a thread when a segment has √(K·M) scores.
  const LENGTH = M <= shortRow ? M : Math.min(M, Math.max(shortRow, Math.ceil(Math.sqrt(K * M))));
  const SEGMENTS = Math.ceil(M / LENGTH);
  if (SEGMENTS === 1) {
    const constants = { N, M, SEGMENTS, LENGTH, K, INDEXED: false };
    dispatch({ shader, constants, bindings: [scores, null, values, indices], workgroups: gridOf(N) });
    return;
  }
  const candidates = N * SEGMENTS * K * 4;
  const best = scratch(candidates, "candidates' scores");
  const places = scratch(candidates, "candidates' indices");
  const segments = { N, M, SEGMENTS, LENGTH, K, INDEXED: false };
  dispatch({ shader, constants: segments, bindings: [scores, null, best, places], workgroups: gridOf(N * SEGMENTS) });
  const merge = { N, M: SEGMENTS * K, SEGMENTS: 1, LENGTH: SEGMENTS * K, K, INDEXED: true };
  dispatch({ shader, constants: merge, bindings: [best, places, values, indices], workgroups: gridOf(N) });
});
