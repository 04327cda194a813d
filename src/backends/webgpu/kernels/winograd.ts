/** 3×3 convolutions of stride 1 by Winograd's F(4×4, 3×3): a quarter of the multiplications, between transforms. */
import type { LoweringContext, Operand, Scratch } from "../lowering.ts";
import { lineGrid } from "../lowering.ts";
import type { Profile } from "../profile.ts";
import type { ConvSizes, Epilogue } from "./conv.ts";
import { activationCodes, product } from "./gemm.ts";

/** Places of a transformed tile. */
const points = 36;

/** Results of a tile in each direction. */
const tileSize = 4;

/** An image tensor's sizes. */
interface Image {
  readonly h: number;
  readonly w: number;
  readonly c: number;
}

/**
 * What moving one element through a transform costs, in multiplications and additions of a product: measured on CPU
 * adapters, where every lane's load is a handful of instructions.
 */
const transformCost = 40;

/** Scratch beyond this is not worth the memory. */
const scratchLimit = 64 << 20;

/**
 * Whether Winograd's transforms pay for themselves.
 *
 * Not used on GPUs: there the implicit product is bound by arithmetic units that the transforms leave idle.
 */
export function winogradPays(s: ConvSizes, profile: Profile): boolean {
  if (profile.name === "gpu" || s.kh !== 3 || s.kw !== 3 || s.stride !== 1 || s.top > 2 || s.left > 2) return false;
  const tiles = tilesOf(s.images, s.oh, s.ow).count;
  const elements = tiles * (72 * s.ci + 52 * s.co) + 45 * s.ci * s.co;
  const direct = 2 * 9 * s.images * s.oh * s.ow * s.ci * s.co;
  const transformed = 2 * points * tiles * s.ci * s.co + transformCost * elements;
  const largest = points * 4 * Math.max(tiles * s.ci, tiles * s.co, s.ci * s.co);
  return transformed < direct && largest <= Math.min(scratchLimit, profile.maxBindingBytes);
}

function tilesOf(images: number, h: number, w: number): { y: number; x: number; count: number } {
  const [y, x] = [Math.ceil(h / tileSize), Math.ceil(w / tileSize)];
  return { y, x, count: images * y * x };
}

/** y = x ∗ weight, then the epilogue. @see convolve */
export function winograd(
  s: ConvSizes,
  x: Operand,
  weight: Operand,
  y: Operand,
  epilogue: Epilogue,
  context: LoweringContext,
): void {
  const u = transformWeight(s, weight, false, context);
  gather(
    s.images,
    { h: s.h, w: s.w, c: s.ci },
    { h: s.oh, w: s.ow, c: s.co },
    s.top,
    s.left,
    x,
    u,
    y,
    epilogue,
    false,
    context,
  );
}

/** The gradient by the input: a convolution of dy with the turned filters. @see convolveInputGradient */
export function winogradInputGradient(
  s: ConvSizes,
  dy: Operand,
  weight: Operand,
  dx: Operand,
  context: LoweringContext,
): void {
  const u = transformWeight(s, weight, true, context);
  const [top, left] = [2 - s.top, 2 - s.left];
  gather(s.images, { h: s.oh, w: s.ow, c: s.co }, { h: s.h, w: s.w, c: s.ci }, top, left, dy, u, dx, {}, true, context);
}

/** The gradient by the weight: each transform's transpose. @see convolveWeightGradient */
export function winogradWeightGradient(
  s: ConvSizes,
  x: Operand,
  dy: Operand,
  dw: Operand,
  context: LoweringContext,
): void {
  const tiles = tilesOf(s.images, s.oh, s.ow);
  const v = transformSource(s.images, { h: s.h, w: s.w, c: s.ci }, tiles, s.top, s.left, x, context);
  const dm = context.scratch(points * tiles.count * s.co * 4, "transformed gradient");
  context.dispatch({
    shader: "conv/winograd_result_gradient.wgsl",
    constants: {},
    sizes: { IMAGES: s.images, H: s.oh, W: s.ow, C: s.co, TILES_Y: tiles.y, TILES_X: tiles.x },
    bindings: [dy, dm],
    workgroups: lineGrid(Math.ceil((tiles.count * s.co) / 64)),
  });
  const count = s.ci * s.co;
  const du = context.scratch(points * count * 4, "transformed weight gradient");
  product(
    {
      m: s.ci,
      n: s.co,
      k: tiles.count,
      batch: points,
      a: { of: v, stride: s.ci, outer: tiles.count * s.ci, transposed: true },
      b: { of: dm, stride: s.co, outer: tiles.count * s.co },
      c: { of: du, stride: s.co, outer: count },
    },
    context,
  );
  context.dispatch({
    shader: "conv/winograd_weight_gradient.wgsl",
    constants: {},
    sizes: { COUNT: count },
    bindings: [du, dw],
    workgroups: lineGrid(Math.ceil(count / 64)),
  });
}

/** Source → tiles → products with the transformed filters → target. */
function gather(
  images: number,
  source: Image,
  target: Image,
  top: number,
  left: number,
  x: Operand,
  u: Scratch,
  y: Operand,
  { bias, residual, activation = "none" }: Epilogue,
  transposed: boolean,
  context: LoweringContext,
): void {
  const tiles = tilesOf(images, target.h, target.w);
  const v = transformSource(images, source, tiles, top, left, x, context);
  const m = context.scratch(points * tiles.count * target.c * 4, "transformed result");
  product(
    {
      m: tiles.count,
      n: target.c,
      k: source.c,
      batch: points,
      a: { of: v, stride: source.c, outer: tiles.count * source.c },
      b: { of: u, stride: transposed ? source.c : target.c, outer: source.c * target.c, transposed },
      c: { of: m, stride: target.c, outer: tiles.count * target.c },
    },
    context,
  );
  context.dispatch({
    shader: "conv/winograd_result.wgsl",
    constants: {
      WHOLE_TILES: target.h % tileSize === 0 && target.w % tileSize === 0,
      HAS_BIAS: Boolean(bias),
      HAS_RESIDUAL: Boolean(residual),
      ACTIVATION: activationCodes.indexOf(activation),
    },
    sizes: {
      IMAGES: images,
      H: target.h,
      W: target.w,
      C: target.c,
      TILES_Y: tiles.y,
      TILES_X: tiles.x,
      STEP: tiles.count * target.c,
    },
    bindings: [m, y, bias ?? null, residual ?? null],
    workgroups: lineGrid(Math.ceil((tiles.count * target.c) / 64)),
  });
}

function transformSource(
  images: number,
  { h, w, c }: Image,
  tiles: { y: number; x: number; count: number },
  top: number,
  left: number,
  x: Operand,
  context: LoweringContext,
): Scratch {
  const v = context.scratch(points * tiles.count * c * 4, "transformed source");
  context.dispatch({
    shader: "conv/winograd_source.wgsl",
    constants: {},
    sizes: { IMAGES: images, H: h, W: w, C: c, TILES_Y: tiles.y, TILES_X: tiles.x, TOP: top, LEFT: left },
    bindings: [x, v],
    workgroups: lineGrid(Math.ceil((tiles.count * c) / 64)),
  });
  return v;
}

function transformWeight({ ci, co }: ConvSizes, weight: Operand, turned: boolean, context: LoweringContext): Scratch {
  const u = context.scratch(points * ci * co * 4, "transformed weight");
  context.dispatch({
    shader: "conv/winograd_weight.wgsl",
    ...(weight && "shape" in weight ? { prepares: weight } : {}),
    constants: { ROTATED: turned },
    sizes: { COUNT: ci * co },
    bindings: [weight, u],
    workgroups: lineGrid(Math.ceil((ci * co) / 64)),
  });
  return u;
}
