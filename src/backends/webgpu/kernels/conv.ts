/** Convolutions: which kernel computes one on which adapter, and the lowering of the `conv2d` ops. */
import { inputOf, listOf, numberOf, outputOf } from "../../../graph/tensor.ts";
import type { Node } from "../../../graph/tensor.ts";
import type { Dispatch, LoweringContext, Operand } from "../lowering.ts";
import { defineLowering } from "../lowering.ts";
import type { Profile } from "../profile.ts";
import { rowBands } from "./bands.ts";
import type { Product } from "./gemm.ts";
import { activationCodes, epilogueOf, splitsOf, sumSplits } from "./gemm.ts";
import { winograd, winogradInputGradient, winogradPays, winogradWeightGradient } from "./winograd.ts";

/** A convolution's sizes, as its forward direction names them. */
export interface ConvSizes {
  readonly images: number;
  readonly h: number;
  readonly w: number;
  readonly ci: number;
  readonly oh: number;
  readonly ow: number;
  readonly co: number;
  readonly kh: number;
  readonly kw: number;
  readonly stride: number;
  readonly top: number;
  readonly left: number;
}

/** What follows a convolution in the same kernel. */
export type Epilogue = Pick<Product, "bias" | "residual" | "activation">;

/** A family of kernels by the tile that one workgroup makes. */
interface Family {
  readonly suffix: "subgroup" | "subgroup_narrow" | "register" | "tiled";
  readonly rows: number;
  readonly columns: number;
  readonly switches?: Readonly<Record<string, number>>;
}

/** The family by an adapter, for results of any width. */
function wideFamily({ name, subgroupSize }: Profile): Family {
  if (name === "gpu") return { suffix: "tiled", rows: 64, columns: 64 };
  if (name === "lavapipe" && subgroupSize === 8) return { suffix: "subgroup", rows: 16, columns: 32 };
  return { suffix: "register", rows: 32, columns: 32 };
}

/** Tiles twice as high and half as wide, where they compute fewer channels outside the result; sums are the same bit for bit. */
function familyFor(profile: Profile, channels: number): Family {
  const wide = wideFamily(profile);
  const { suffix, rows, columns } = wide;
  const half = columns / 2;
  if (suffix === "tiled" || Math.ceil(channels / half) % 2 === 0) return wide;
  return suffix === "subgroup"
    ? { suffix: "subgroup_narrow", rows: 2 * rows, columns: half }
    : { suffix, rows: 2 * rows, columns: half, switches: { LANES_X: 2, LANES_Y: 8 } };
}

const flopsOf = ({ images, oh, ow, co, kh, kw, ci }: ConvSizes): number => 2 * images * oh * ow * co * kh * kw * ci;

/**
 * y = x ∗ weight, then the epilogue.
 * @param x [images, h, w, ci]
 * @param weight [kh, kw, ci, co]
 * @param y [images, oh, ow, co]
 */
export function convolve(
  s: ConvSizes,
  x: Operand,
  weight: Operand,
  y: Operand,
  epilogue: Epilogue,
  context: LoweringContext,
): void {
  const { bias, residual, activation = "none" } = epilogue;
  const constants = {
    HAS_BIAS: Boolean(bias),
    HAS_RESIDUAL: Boolean(residual),
    ACTIVATION: activationCodes.indexOf(activation),
  };
  const bindings = [x, weight, y, bias ?? null, residual ?? null];
  gather(s, [s.h, s.w, s.ci], [s.oh, s.ow, s.co], 1, { constants, bindings }, context);
}

/**
 * The gradient of a convolution by its input.
 * @param dy [images, oh, ow, co]
 * @param weight [kh, kw, ci, co]
 * @param dx [images, h, w, ci]
 */
export function convolveInputGradient(
  s: ConvSizes,
  dy: Operand,
  weight: Operand,
  dx: Operand,
  context: LoweringContext,
): void {
  const kernel = { constants: { INPUT_GRADIENT: true }, bindings: [dy, weight, dx, null, null] };
  gather(s, [s.oh, s.ow, s.co], [s.h, s.w, s.ci], s.stride, kernel, context);
}

/**
 * Dispatches a kernel that gathers from a source image into a target image, band by band of the rows that a grid holds.
 * @param source its h, w and channels
 * @param target likewise
 * @param phases in each direction
 */
function gather(
  s: ConvSizes,
  source: readonly [number, number, number],
  target: readonly [number, number, number],
  phases: number,
  { constants, bindings }: Pick<Dispatch, "constants" | "bindings">,
  context: LoweringContext,
): void {
  const { suffix, rows, columns, switches } = familyFor(context.profile, target[2]);
  const sizes = gatherSizes(s, source, target, phases);
  for (const { start, count } of rowBands(sizes.ROWS, rows)) {
    context.dispatch({
      shader: `conv/conv2d_${suffix}.wgsl`,
      sizes: { ...sizes, ROW_BEGIN: start },
      constants: { KH: s.kh, KW: s.kw, STRIDE: s.stride, ...constants, ...switches },
      bindings,
      workgroups: [Math.ceil(target[2] / columns), Math.ceil(count / rows), phases * phases],
      flops: (flopsOf(s) * count) / sizes.ROWS,
    });
  }
}

/** The sizes of lib/conv_problem.wgsl, in its order, but the last. @param phases in each direction */
function gatherSizes(
  { images, top, left }: ConvSizes,
  source: readonly [number, number, number],
  target: readonly [number, number, number],
  phases: number,
): { readonly ROWS: number; readonly [size: string]: number } {
  const [gridH, gridW] = [Math.ceil(target[0] / phases), Math.ceil(target[1] / phases)];
  return {
    IMAGES: images,
    SOURCE_H: source[0],
    SOURCE_W: source[1],
    SOURCE_C: source[2],
    TARGET_H: target[0],
    TARGET_W: target[1],
    TARGET_C: target[2],
    TOP: top,
    LEFT: left,
    GRID_H: gridH,
    GRID_W: gridW,
    ROWS: images * gridH * gridW,
  };
}

/**
 * The gradient of a convolution by its weight; the sum over pixels is split where dw has too few tiles for the adapter.
 * @param x [images, h, w, ci]
 * @param dy [images, oh, ow, co]
 * @param dw [kh, kw, ci, co]
 */
export function convolveWeightGradient(
  s: ConvSizes,
  x: Operand,
  dy: Operand,
  dw: Operand,
  context: LoweringContext,
): void {
  const { suffix, rows, columns, switches } = familyFor(context.profile, s.co);
  const [lines, taps] = [s.images * s.oh, s.kh * s.kw * s.ci];
  const count = taps * s.co;
  // The parts of a sum, and with them its last bits, depend on no variant of a family.
  const wide = wideFamily(context.profile);
  const tiles = Math.ceil(s.co / wide.columns) * Math.ceil(taps / wide.rows);
  const wanted = Math.min(splitsOf(tiles, lines * s.ow, context.profile), lines);
  const splitLines = Math.ceil(lines / wanted);
  const splits = Math.ceil(lines / splitLines);
  const partial = splits > 1 ? context.scratch(splits * count * 4, "partial sums") : undefined;
  context.dispatch({
    shader: `conv/conv2d_weight_gradient_${suffix}.wgsl`,
    constants: {
      ...{ KH: s.kh, KW: s.kw, STRIDE: s.stride, ...switches },
      ...(suffix === "register" || suffix === "tiled" ? {} : { WHOLE_LINES: s.ow % 4 === 0 }),
    },
    sizes: {
      IMAGES: s.images,
      H: s.h,
      W: s.w,
      CI: s.ci,
      OH: s.oh,
      OW: s.ow,
      CO: s.co,
      TOP: s.top,
      LEFT: s.left,
      SPLIT_LINES: splitLines,
      ROWS4: taps / 4,
    },
    bindings: [x, dy, partial ?? dw],
    workgroups: [Math.ceil(s.co / columns), Math.ceil(taps / rows), splits],
    flops: flopsOf(s),
  });
  if (partial) context.dispatch(sumSplits(partial, dw, splits, count));
}

function sizesOf(node: Node, x: readonly number[], weight: readonly number[], y: readonly number[]): ConvSizes {
  const [images, h, w, ci] = x as [number, number, number, number];
  const [kh, kw] = weight as [number, number];
  const [, oh, ow, co] = y as [number, number, number, number];
  const [top, , left] = listOf(node, "padding") as [number, number, number];
  return { images, h, w, ci, oh, ow, co, kh, kw, stride: numberOf(node, "stride"), top, left };
}

defineLowering("conv2d", (node, context) => {
  const [x, weight, y] = [inputOf(node, 0), inputOf(node, 1), outputOf(node)];
  // Fusion may have given y another shape: its sizes follow from its inputs and its count.
  const [kh, kw, , co] = weight.shape as [number, number, number, number];
  const [images, h, w] = x.shape as [number, number, number];
  const [top, bottom, left, right] = listOf(node, "padding") as [number, number, number, number];
  const stride = numberOf(node, "stride");
  const oh = Math.floor((h + top + bottom - kh) / stride) + 1;
  const ow = Math.floor((w + left + right - kw) / stride) + 1;
  const sizes = sizesOf(node, x.shape, weight.shape, [images, oh, ow, co]);
  const algorithm = winogradPays(sizes, context.profile) ? winograd : convolve;
  algorithm(sizes, x, weight, y, epilogueOf(node), context);
});

defineLowering("conv2d_input_gradient", (node, context) => {
  const [dy, weight, dx] = [inputOf(node, 0), inputOf(node, 1), outputOf(node)];
  const sizes = sizesOf(node, dx.shape, weight.shape, dy.shape);
  const algorithm = winogradPays(sizes, context.profile) ? winogradInputGradient : convolveInputGradient;
  algorithm(sizes, dy, weight, dx, context);
});

defineLowering("conv2d_weight_gradient", (node, context) => {
  const [x, dy, dw] = [inputOf(node, 0), inputOf(node, 1), outputOf(node)];
  const sizes = sizesOf(node, x.shape, dw.shape, dy.shape);
  const algorithm = winogradPays(sizes, context.profile) ? winogradWeightGradient : convolveWeightGradient;
  algorithm(sizes, x, dy, dw, context);
});
