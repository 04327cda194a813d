/** Ranges of tensors that one binding or one grid cannot hold, and kernels that run over flat ranges. */
import { OutOfMemoryError } from "../../../errors.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import { elementBytes, elementCount } from "../../../graph/tensor.ts";
import type { Dispatch, LoweringContext, Operand } from "../lowering.ts";
import { gridLimit, lineGrid } from "../lowering.ts";
import { boundBytes } from "../plan.ts";
import type { Profile } from "../profile.ts";

/** Elements `start` up to `start + count` of a tensor, row by row. */
export interface Band {
  readonly start: number;
  readonly count: number;
}

/** Bindings start at multiples of 256 bytes: 128 half-precision numbers. */
const alignedElements = 128;

/**
 * Cuts `count` elements into ranges that one binding holds and that start at whole rows.
 * @param row elements that must stay together
 * @throws OutOfMemoryError when no binding holds the fewest rows that keep the alignment
 */
export function bandsOf(count: number, profile: Profile, row = 1): Band[] {
  const most = profile.maxBindingBytes / 4;
  if (count <= most) return [{ start: 0, count }];
  const step = row * alignedElements;
  const length = Math.floor(most / step) * step;
  if (length === 0) throw new OutOfMemoryError("bands: rows of one binding", step * 4, profile.maxBindingBytes);
  return cut(count, length);
}

/** Rows of four bytes and more that begin at a multiple of this many begin at a multiple of 256 bytes. */
const alignedRows = 64;

/**
 * Cuts the rows of a result into bands whose tiles fit one direction of a grid.
 * @param tile rows of a workgroup
 * @returns bands that start at a multiple of 64 rows and at a tile
 */
export function rowBands(rows: number, tile: number): Band[] {
  return cut(rows, Math.floor(gridLimit / alignedRows) * alignedRows * tile);
}

/**
 * Cuts a batch of which each member has a place of its own along one direction of a grid.
 * @param step bands begin at multiples of it
 * @returns one band where the grid holds the whole batch
 */
export function batchBands(batch: number, step: number): Band[] {
  if (batch <= gridLimit) return [{ start: 0, count: batch }];
  // A step that no grid holds stays whole: the plan refuses it with its size.
  return cut(batch, Math.max(1, Math.floor(gridLimit / step)) * step);
}

function cut(count: number, length: number): Band[] {
  const bands: Band[] = [];
  for (let start = 0; start < count; start += length) bands.push({ start, count: Math.min(length, count - start) });
  return bands;
}

/** An operand's memory from byte `offset` on. */
export function operandFrom(operand: Operand, offset: number): Operand {
  if (!operand || offset === 0) return operand;
  const bytes = boundBytes(operand) - offset;
  return "of" in operand ? { of: operand.of, offset: operand.offset + offset, bytes } : { of: operand, offset, bytes };
}

/** A tensor's part in a band; the tensor itself where the band is all of it. */
export function bandOf(tensor: Tensor, { start, count }: Band): Operand {
  if (count === elementCount(tensor.shape)) return tensor;
  const bytes = elementBytes(tensor.dtype);
  return { of: tensor, offset: start * bytes, bytes: Math.ceil((count * bytes) / 16) * 16 };
}

/**
 * Dispatches a kernel whose invocation i makes vector i of its outputs from vector i of its inputs, band by band.
 * Such kernels take their size from `arrayLength`, so that one pipeline serves every size.
 *
 * @param bindings tensors of one size go band by band, smaller ones (scalars) whole
 */
export function dispatchFlat(
  { profile, dispatch }: LoweringContext,
  kernel: Pick<Dispatch, "shader" | "constants">,
  bindings: readonly (Tensor | null)[],
): void {
  const count = Math.max(...bindings.map((tensor) => (tensor ? elementCount(tensor.shape) : 0)));
  for (const band of bandsOf(count, profile)) {
    dispatch({
      ...kernel,
      bindings: bindings.map(
        (tensor) => tensor && (elementCount(tensor.shape) === count ? bandOf(tensor, band) : tensor),
      ),
      workgroups: gridOf(Math.ceil(band.count / 4)),
    });
  }
}

/** A grid of workgroups of 64 for `invocations`. */
export const gridOf = (invocations: number): Dispatch["workgroups"] => lineGrid(Math.ceil(invocations / 64));

/** A kernel that has one form for sizes that four divides and one for all others. */
export interface Lanes {
  readonly shader: string;
  /** Elements an invocation. */
  readonly lanes: number;
}

/**
 * The form of a kernel for these sizes: `<path>.wgsl` for vectors of four, `<path>_any.wgsl` for single elements.
 * @param sizes lengths and starts along the last axis
 */
export function lanesOf(path: string, ...sizes: readonly number[]): Lanes {
  return sizes.every((size) => size % 4 === 0)
    ? { shader: `${path}.wgsl`, lanes: 4 }
    : { shader: `${path}_any.wgsl`, lanes: 1 };
}
