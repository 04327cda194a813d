/** Matrix products: which kernel computes one on which adapter, and the lowering of `matmul`. */
import { flagOf, elementCount, inputOf, outputOf, sizeOf } from "../../../graph/tensor.ts";
import type { Node } from "../../../graph/tensor.ts";
import { ShapeError } from "../../../errors.ts";
import type { Dispatch, LoweringContext, Operand } from "../lowering.ts";
import { defineLowering, lineGrid } from "../lowering.ts";
import type { Profile } from "../profile.ts";
import { batchBands, operandFrom, rowBands } from "./bands.ts";

/** Activations by the code that kernels know them by. */
export const activationCodes = ["none", "relu", "silu", "gelu", "quick_gelu"] as const;

/** A batch of matrices in an operand: matrix b begins at outer · ⌊b / batchInner⌋ + inner · (b mod batchInner). */
export interface Matrices {
  readonly of: Operand;
  /** Elements from one stored row to the next. */
  readonly stride: number;
  readonly outer?: number;
  readonly inner?: number;
  /** Stored transposed. */
  readonly transposed?: boolean;
}

/** activate(alpha · op(a)·op(b) + bias + residual), batched. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch?: number;
  readonly batchInner?: number;
  readonly a: Matrices;
  readonly b: Matrices;
  readonly c: Matrices;
  readonly alpha?: number;
  /** [n] */
  readonly bias?: Operand;
  /** Laid out as c. */
  readonly residual?: Operand;
  readonly activation?: (typeof activationCodes)[number];
}

interface Kernel {
  readonly shader: string;
  /** Rows and columns of a workgroup's tile. */
  readonly tile: readonly [number, number];
  readonly switches: Readonly<Record<string, number | boolean>>;
}

/**
 * Dispatches a product: one kernel, two when the sum is split, or one a band of matrices or rows where a grid cannot hold them
 * all.
 *
 * Sums are split where the result has too few tiles to occupy the adapter; partial sums go to scratch and are added in
 * a fixed order.
 */
export function product(p: Product, context: LoweringContext): void {
  const kernel = kernelFor(p, context.profile);
  if (!kernel) {
    anyProduct(p, context);
    return;
  }
  const [x, y] = [Math.ceil(p.n / kernel.tile[1]), Math.ceil(p.m / kernel.tile[0])];
  const batch = p.batch ?? 1;
  const splits = isPlain(p) ? splitsOf(x * y, p.k, context.profile) : 1;
  const count = p.m * p.n;
  const partial = splits > 1 ? context.scratch(splits * count * 4, "partial sums") : undefined;
  const termsPerSplit = Math.ceil(p.k / splits / 16) * 16;
  for (const { start: matrix, count: matrices } of batchBands(batch, alignedBlocks * (p.batchInner ?? 1))) {
    for (const { start: row, count: m } of rowBands(p.m, kernel.tile[0])) {
      const band = operandsFrom(p, matrix, row);
      context.dispatch({
        shader: kernel.shader,
        constants: { ...epilogueConstants(p), WHOLE_K: p.k % 4 === 0, ...kernel.switches },
        sizes: {
          ...sizesOf({ ...p, m }),
          ...(partial ? { C_STRIDE: p.n } : {}),
          SPLITS: splits,
          SPLIT_K: partial ? termsPerSplit : 0,
          C_SPLIT: partial ? count : 0,
        },
        bindings: [band.a, band.b, partial ?? band.c, p.bias ?? null, band.residual],
        workgroups: [x, Math.ceil(m / kernel.tile[0]), matrices * splits],
        flops: 2 * m * p.n * p.k * matrices,
      });
    }
  }
  if (partial) context.dispatch(sumSplits(partial, p.c.of, splits, count));
}

/** Blocks of `outer` elements are whole vectors: every 16th begins at a multiple of 256 bytes, as bindings must. */
const alignedBlocks = 16;

/**
 * What a product's kernel binds to begin at a matrix and a row.
 * @param matrix a multiple of `batchInner`
 */
function operandsFrom(
  { a, b, c, residual, batchInner = 1 }: Product,
  matrix: number,
  row: number,
): Record<"a" | "b" | "c" | "residual", Operand> {
  const begin = ({ outer = 0 }: Matrices, step: number): number => 4 * ((matrix / batchInner) * outer + row * step);
  return {
    a: operandFrom(a.of, begin(a, a.transposed ? 1 : a.stride)),
    b: operandFrom(b.of, begin(b, 0)),
    c: operandFrom(c.of, begin(c, c.stride)),
    residual: operandFrom(residual ?? null, begin(c, c.stride)),
  };
}

/** Adds partial results in a fixed order. @param count elements of the result, a multiple of 4 */
export function sumSplits(partial: Operand, result: Operand, splits: number, count: number): Dispatch {
  return {
    shader: "reduce/sum_splits.wgsl",
    constants: {},
    sizes: { SPLITS: splits, COUNT: count },
    bindings: [partial, result],
    workgroups: lineGrid(Math.ceil(count / 4 / 64)),
  };
}

/** How many parts a sum over k is cut into when the result has this many tiles. */
export function splitsOf(tiles: number, k: number, profile: Profile): number {
  const [wanted, shortest] = profile.name === "gpu" ? [256, 128] : [16, 512];
  return Math.max(1, Math.min(Math.ceil(wanted / tiles), Math.floor(k / shortest), 64));
}

/** A single contiguous matrix without epilogue: only such a result may be split. */
function isPlain({ batch = 1, n, c, bias, residual, activation = "none" }: Product): boolean {
  return batch === 1 && c.stride === n && !bias && !residual && activation === "none";
}

function kernelFor(p: Product, profile: Profile): Kernel | undefined {
  if (!hasWholeVectors(p)) return undefined;
  const [ta, tb] = [p.a.transposed ?? false, p.b.transposed ?? false];
  if (profile.name === "lavapipe" && profile.subgroupSize === 8 && !(ta && tb)) {
    if (ta) return { shader: "gemm/gemm_subgroup_tn.wgsl", tile: [16, 32], switches: {} };
    const rows = subgroupRows(p);
    return {
      shader: "gemm/gemm_subgroup.wgsl",
      tile: [rows, 32],
      switches: { B_TRANSPOSED: tb, EIGHTS: rows / 8 },
    };
  }
  const switches = { A_TRANSPOSED: ta, B_TRANSPOSED: tb };
  if (profile.name === "gpu") return { shader: "gemm/gemm_tiled.wgsl", tile: [64, 64], switches };
  return profile.name === "swiftshader" && p.m >= tallRows
    ? tallKernel(p, switches)
    : { shader: "gemm/gemm_register.wgsl", tile: [32, 32], switches };
}

/** Rows of a subgroup's tile, and what a row costs with so many: measured on lavapipe. */
const subgroupTiles = [
  [16, 1],
  [24, 0.92],
  [32, 0.89],
] as const;

/** With fewer tiles than this, larger ones leave cores idle. */
const fewTiles = 8;

/** The rows of the tiles that cover a product at the least cost; of few tiles the smallest. */
function subgroupRows({ m, n, batch = 1 }: Product): number {
  const cost = ([rows, each]: readonly [number, number]): number => covered(m, rows) * each;
  const tiles = ([rows]: readonly [number, number]): number => Math.ceil(m / rows) * Math.ceil(n / 32) * batch;
  const [smallest, ...larger] = subgroupTiles;
  const enough = [smallest, ...larger.filter((size) => tiles(size) >= fewTiles)];
  return enough.reduce((best, next) => (cost(next) < cost(best) ? next : best))[0];
}

/** Rows or columns of the tiles that cover so many. */
const covered = (length: number, tile: number): number => Math.ceil(length / tile) * tile;

/** From this many rows on, tiles of 64 rows waste little. */
const tallRows = 128;

/** How the 16 invocations of a workgroup may lie over the result: across and down. */
const tallLanes = [
  [4, 4],
  [2, 8],
  [1, 16],
] as const;

/** The arrangement that computes the fewest elements outside the result; of equals the squarest. */
function tallKernel({ m, n }: Product, switches: Kernel["switches"]): Kernel {
  const area = ([x, y]: readonly [number, number]): number => covered(m, 16 * y) * covered(n, 8 * x);
  const lanes = tallLanes.reduce((best, next) => (area(next) < area(best) ? next : best));
  return {
    shader: "gemm/gemm_register_tall.wgsl",
    tile: [16 * lanes[1], 8 * lanes[0]],
    switches: { ...switches, LANES_X: lanes[0], LANES_Y: lanes[1] },
  };
}

/** Whether every row of every matrix begins and ends on a vector of four. */
function hasWholeVectors({ m, n, a, b, c }: Product): boolean {
  const multiples = [
    n,
    a.transposed ? m : 4,
    ...[a, b, c].flatMap(({ stride, outer = 0, inner = 0 }) => [stride, outer, inner]),
  ];
  return multiples.every((size) => size % 4 === 0);
}

/** Terms that one invocation of gemm_any adds up where the sum may be split, for accuracy. */
const longestAnySum = 4096;

/** Partial sums of gemm_any take at most this much: rather a longer sum than no room for it. */
const anySumsLimit = ({ maxBindingBytes }: Profile): number => Math.min(maxBindingBytes, 32 << 20);

/** A product whose sizes whole vectors do not fit. */
function anyProduct(p: Product, context: LoweringContext): void {
  const batch = p.batch ?? 1;
  const elements = batch * p.m * p.n;
  const copy = Math.ceil(elements / 4) * 4; // whole vectors, as sum_splits adds them
  const room = Math.max(1, Math.floor(anySumsLimit(context.profile) / 4 / copy));
  const splits = isPlain(p) ? Math.min(Math.ceil(p.k / longestAnySum), room) : 1;
  const partial = splits > 1 ? context.scratch(splits * copy * 4, "partial sums") : undefined;
  context.dispatch({
    shader: "gemm/gemm_any.wgsl",
    constants: {
      ...sizesOf(p),
      ...epilogueConstants(p),
      BATCH: batch,
      A_TRANSPOSED: p.a.transposed ?? false,
      B_TRANSPOSED: p.b.transposed ?? false,
      ...(partial ? { SPLITS: splits, SPLIT_K: Math.ceil(p.k / splits), C_SPLIT: copy } : {}),
    },
    bindings: [p.a.of, p.b.of, partial ?? p.c.of, p.bias ?? null, p.residual ?? null],
    workgroups: lineGrid(Math.ceil((splits * elements) / 64)),
    flops: 2 * p.m * p.n * p.k * batch,
  });
  if (partial) context.dispatch(sumSplits(partial, p.c.of, splits, copy));
}

/** The first fields of lib/gemm_problem.wgsl's sizes, in its order. */
function sizesOf({ m, n, k, a, b, c, batchInner = 1 }: Product): Record<string, number> {
  return {
    M: m,
    N: n,
    K: k,
    A_STRIDE: a.stride,
    B_STRIDE: b.stride,
    C_STRIDE: c.stride,
    BATCH_INNER: batchInner,
    A_OUTER: a.outer ?? 0,
    A_INNER: a.inner ?? 0,
    B_OUTER: b.outer ?? 0,
    B_INNER: b.inner ?? 0,
    C_OUTER: c.outer ?? 0,
    C_INNER: c.inner ?? 0,
  };
}

function epilogueConstants({
  alpha = 1,
  bias,
  residual,
  activation = "none",
}: Product): Record<string, number | boolean> {
  return {
    ALPHA: alpha,
    HAS_BIAS: Boolean(bias),
    HAS_RESIDUAL: Boolean(residual),
    ACTIVATION: activationCodes.indexOf(activation),
  };
}

/**
 * What fusion hung on a product's end.
 * @param operands how many inputs the op itself has; bias and residual follow
 */
export function epilogueOf(node: Node, operands = 2): Pick<Product, "bias" | "residual" | "activation"> {
  const hasBias = flagOf(node, "bias");
  return {
    ...(hasBias ? { bias: inputOf(node, operands) } : {}),
    ...(flagOf(node, "residual") ? { residual: inputOf(node, operands + (hasBias ? 1 : 0)) } : {}),
    activation: activationOf(node),
  };
}

function activationOf(node: Node): (typeof activationCodes)[number] {
  const name = node.attributes["activation"] ?? "none";
  const known = activationCodes.find((code) => code === name);
  if (!known) throw new ShapeError(`${node.op}: activation`, activationCodes.join(" or "), String(name));
  return known;
}

defineLowering("matmul", (node, context) => {
  const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
  const [ta, tb] = [flagOf(node, "transposeA"), flagOf(node, "transposeB")];
  const [m, k] = ta ? [sizeOf(a, -1), sizeOf(a, -2)] : [sizeOf(a, -2), sizeOf(a, -1)];
  const n = tb ? sizeOf(b, -2) : sizeOf(b, -1);
  product(
    {
      m,
      n,
      k,
      batch: elementCount(a.shape.slice(0, -2)),
      a: { of: a, stride: sizeOf(a, -1), outer: m * k, transposed: ta },
      b: { of: b, stride: sizeOf(b, -1), outer: k * n, transposed: tb },
      c: { of: outputOf(node), stride: n, outer: m * n },
      ...epilogueOf(node),
    },
    context,
  );
});
