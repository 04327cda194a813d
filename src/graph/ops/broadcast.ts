/** Broadcasting, collapsed to three axes so that each kernel has one form. */
import { ShapeError } from "../../errors.ts";
import type { Shape } from "../tensor.ts";

/**
 * How a smaller tensor lies along a larger one seen as [p, q, c]: its element for (i, j, k) is
 * `i·strides[0] + j·strides[1] + k·strides[2]`, where a stride of 0 repeats it.
 */
export interface Broadcast {
  readonly sizes: readonly [number, number, number];
  readonly strides: readonly [number, number, number];
}

/**
 * Collapses right-aligned broadcasting of `small` along `large` to three axes.
 * @throws ShapeError when the shapes do not broadcast or alternate more than three times
 */
export function broadcastOf(where: string, large: Shape, small: Shape): Broadcast {
  const lead = large.length - small.length;
  if (lead < 0) throw new ShapeError(where, `a shape that broadcasts to [${large.join(", ")}]`, small);
  const groups: { size: number; kept: boolean }[] = [];
  large.forEach((size, axis) => {
    const other = axis < lead ? 1 : small[axis - lead]!;
    if (other !== size && other !== 1)
      throw new ShapeError(where, `a shape that broadcasts to [${large.join(", ")}]`, small);
    if (size === 1) return;
    const kept = other === size;
    const last = groups.at(-1);
    if (last?.kept === kept) last.size *= size;
    else groups.push({ size, kept });
  });
  if (groups.length > 3) throw new ShapeError(where, "at most three alternations of kept and repeated axes", small);
  while (groups.length < 3) groups.unshift({ size: 1, kept: false });
  const strides: number[] = [0, 0, 0];
  let step = 1;
  for (let axis = 2; axis >= 0; axis--) {
    const group = groups[axis]!;
    if (!group.kept) continue;
    strides[axis] = step;
    step *= group.size;
  }
  const [p, q, c] = groups;
  return { sizes: [p!.size, q!.size, c!.size], strides: [strides[0]!, strides[1]!, strides[2]!] };
}
