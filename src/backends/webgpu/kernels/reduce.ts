/** Lowering of sums over broadcast axes: many partial sums side by side, then their sums in a fixed order. */
import type { Tensor } from "../../../graph/tensor.ts";
import { elementCount, inputOf, listOf, outputOf } from "../../../graph/tensor.ts";
import type { Dispatch, LoweringContext, Operand } from "../lowering.ts";
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

/** A kernel for sums of rows, and how it cuts them. */
interface RowSums {
  readonly shader: string;
  /** Columns of a chunk, the same in every plane p. */
  readonly CHUNK: number;
  /** The grid for so many chunks. */
  grid(chunks: number): Dispatch["workgroups"];
}

/** y[q] = Σ_p Σ_c x[p, q, c] */
function sumRows(context: LoweringContext, x: Operand, y: Operand, P: number, Q: number, C: number): void {
  if (P > longestChunk) {
    // Chunks are cut from columns alone, so a long sum over p comes first, as one of columns.
    const sums = context.scratch(Q * C * 4, `sums of ${String(P)} planes`);
    sumChunksOfColumns(context, x, sums, 1, P, Q * C);
    sumRows(context, sums, y, 1, Q, C);
    return;
  }
  const isTiled = context.profile.name === "gpu" && C >= 64;
  const { shader, CHUNK, grid } = isTiled ? rowsByWorkgroup(context, P, Q, C) : rowsByInvocation(context, P, Q, C);
  const CHUNKS = Math.ceil(C / CHUNK);
  const sums = CHUNKS === 1 ? y : context.scratch(Q * CHUNKS * 4, `sums of ${String(C)} columns`);
  const sizes = { P, Q, C, CHUNKS, CHUNK };
  context.dispatch({ shader, constants: {}, sizes, bindings: [x, sums], workgroups: grid(Q * CHUNKS) });
  if (CHUNKS > 1) sumRows(context, sums, y, 1, Q, CHUNKS);
}

/** Columns that one lane adds up at most, in each of P planes. */
const longestRow = (P: number): number => Math.floor(longestChunk / P);

function rowsByInvocation(context: LoweringContext, P: number, Q: number, C: number): RowSums {
  const { invocations, direct } = spreadOf(context);
  const { shader, lanes } = lanesOf("reduce/sum_rows", C);
  const wished = (C * P) / lanes <= direct ? 1 : Math.min(Math.ceil(invocations / Q), Math.ceil(C / 16));
  return { shader, CHUNK: Math.min(Math.ceil(C / wished / 4) * 4, longestRow(P) * lanes), grid: gridOf };
}

/** Invocations of a workgroup of sum_rows_tiled, each of which takes every 256th column. */
const tiledLanes = 256;

/** A workgroup a row, or as many as keep the adapter busy where one would add up too much. */
function rowsByWorkgroup(context: LoweringContext, P: number, Q: number, C: number): RowSums {
  const longest = longestRow(P) * tiledLanes;
  const busy = Math.ceil(spreadOf(context).invocations / tiledLanes / Q);
  const wished = C <= longest ? 1 : Math.max(Math.ceil(C / longest), busy);
  const CHUNK = Math.ceil(C / wished / tiledLanes) * tiledLanes;
  return { shader: "reduce/sum_rows_tiled.wgsl", CHUNK, grid: lineGrid };
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
