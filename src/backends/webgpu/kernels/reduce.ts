/** Lowering of sums over broadcast axes: many partial sums side by side, then their sums in a fixed order. */
import type { Tensor } from "../../../graph/tensor.ts";
import { elementCount, inputOf, listOf, outputOf } from "../../../graph/tensor.ts";
import type { LoweringContext, Operand } from "../lowering.ts";
import { defineLowering, lineGrid } from "../lowering.ts";
import { bandOf, bandsOf, dispatchFlat, gridOf, lanesOf } from "./bands.ts";

/** How far a sum is spread: `invocations` keep the adapter busy, `direct` terms are summed by one at once. */
interface Spread {
  readonly invocations: number;
  readonly direct: number;
}

const software: Spread = { invocations: 512, direct: 256 };
const hardware: Spread = { invocations: 32768, direct: 64 };

/** Terms that one invocation adds up at most, for accuracy. */
const longestChunk = 512;

const spreadOf = ({ profile }: LoweringContext): Spread => (profile.name === "gpu" ? hardware : software);

defineLowering("sum_to", (node, context) => {
  const [x, y] = [inputOf(node, 0), outputOf(node)];
  const [P, Q, C] = listOf(node, "sizes") as [number, number, number];
  const [, keepsRows, keepsColumns] = listOf(node, "strides") as [number, number, number];
  if (keepsColumns) sumColumns(context, x, y, P, Q, C);
  else if (keepsRows) sumRows(context, x, y, P, Q, C);
  else sumAll(context, x, y);
});

/** y[p, c] = Σ_q x[p, q, c] */
function sumColumns(context: LoweringContext, x: Tensor, y: Tensor, P: number, Q: number, C: number): void {
  const bands = bandsOf(P * Q * C, context.profile, C);
  if (bands.length === 1 || P > 1) {
    sumChunksOfColumns(context, x, y, P, Q, C);
    return;
  }
  // Each band's sums lie at a whole slot of 256 bytes behind the last one's: rows of `width` elements.
  const width = Math.ceil(C / 64) * 64;
  const sums = context.scratch(bands.length * width * 4, "sums of bands");
  bands.forEach((band, index) => {
    const row = { of: sums, offset: index * width * 4, bytes: width * 4 };
    sumChunksOfColumns(context, bandOf(x, band), row, 1, band.count / C, C);
  });
  sumChunksOfColumns(context, sums, y, 1, bands.length, width);
}

function sumChunksOfColumns(context: LoweringContext, x: Operand, y: Operand, P: number, Q: number, C: number): void {
  const { invocations, direct } = spreadOf(context);
  const { shader, lanes } = lanesOf("reduce/sum_columns", C);
  const wished = Q <= direct ? 1 : Math.min(Math.ceil((invocations * lanes) / (P * C)), Math.ceil(Q / 16));
  const CHUNK = Math.min(Math.ceil(Q / wished), longestChunk);
  const CHUNKS = Math.ceil(Q / CHUNK);
  const sums = CHUNKS === 1 ? y : context.scratch(P * CHUNKS * C * 4, `sums of ${String(Q)} rows`);
  const sizes = { Q, C, CHUNKS, CHUNK };
  context.dispatch({ shader, constants: {}, sizes, bindings: [x, sums], workgroups: gridOf((P * CHUNKS * C) / lanes) });
  if (CHUNKS > 1) sumChunksOfColumns(context, sums, y, P, CHUNKS, C);
}

/** y[q] = Σ_p Σ_c x[p, q, c] */
function sumRows(context: LoweringContext, x: Operand, y: Operand, P: number, Q: number, C: number): void {
  const { invocations, direct } = spreadOf(context);
  if (context.profile.name === "gpu" && C >= 64) {
    const shader = "reduce/sum_rows_tiled.wgsl";
    context.dispatch({ shader, constants: {}, sizes: { P, Q, C }, bindings: [x, y], workgroups: lineGrid(Q) });
    return;
  }
  const { shader, lanes } = lanesOf("reduce/sum_rows", C);
  const wished = (C * P) / lanes <= direct ? 1 : Math.min(Math.ceil(invocations / Q), Math.ceil(C / 16));
  const CHUNK = Math.min(Math.ceil(C / wished / 4) * 4, longestChunk * lanes);
  const CHUNKS = Math.ceil(C / CHUNK);
  const sums = CHUNKS === 1 ? y : context.scratch(Q * CHUNKS * 4, `sums of ${String(C)} columns`);
  context.dispatch({
    shader,
    constants: {},
    sizes: { P, Q, C, CHUNKS, CHUNK },
    bindings: [x, sums],
    workgroups: gridOf(Q * CHUNKS),
  });
  if (CHUNKS > 1) sumRows(context, sums, y, 1, Q, CHUNKS);
}

/** y = Σ x */
function sumAll(context: LoweringContext, x: Tensor, y: Tensor): void {
  const { invocations, direct } = spreadOf(context);
  const count = elementCount(x.shape);
  if (count <= direct) {
    sumRows(context, x, y, 1, 1, count);
    return;
  }
  // Whole slots of 256 bytes, so that each band's sums can be bound.
  const T = Math.ceil(Math.min(invocations / 4, count / 32) / 16) * 16;
  const bands = bandsOf(count, context.profile);
  const sums = context.scratch(bands.length * T * 16, "partial sums");
  bands.forEach((band, index) => {
    context.dispatch({
      shader: "reduce/sum_all.wgsl",
      constants: {},
      sizes: { COUNT: band.count, T },
      bindings: [bandOf(x, band), { of: sums, offset: index * T * 16, bytes: T * 16 }],
      workgroups: gridOf(T),
    });
  });
  sumRows(context, sums, y, 1, 1, bands.length * T * 4);
}

defineLowering("broadcast_to", (node, context) => {
  const [P, Q, C] = listOf(node, "sizes") as [number, number, number];
  const [SP, SQ, SC] = listOf(node, "strides") as [number, number, number];
  const [x, y] = [inputOf(node, 0), outputOf(node)];
  if (P * Q === 1) {
    // One number for all: the last axis may be cut anywhere.
    const constants = { Q, C: 4, SP, SQ, SC };
    dispatchFlat(context, { shader: "reduce/broadcast.wgsl", constants }, [x, y]);
    return;
  }
  const { shader, lanes } = lanesOf("reduce/broadcast", C);
  const constants = { Q, C, SP, SQ, SC };
  // A row that repeats may be cut into bands of rows; other places depend on where a band begins.
  const bands = SP === 0 && SQ === 0 ? bandsOf(P * Q * C, context.profile, C) : [{ start: 0, count: P * Q * C }];
  for (const band of bands) {
    context.dispatch({ shader, constants, bindings: [x, bandOf(y, band)], workgroups: gridOf(band.count / lanes) });
  }
});
