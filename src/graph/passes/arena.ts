/** Gives values that live at different times the same memory. */

/** A value that must be in memory from its first to its last step, both included. */
export interface Interval {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Where a value lies. */
export interface Placement {
  readonly chunk: number;
  readonly offset: number;
}

/** An arena: its chunks' sizes and each value's place. */
export interface Arena {
  readonly chunkBytes: readonly number[];
  readonly placements: readonly Placement[];
}

/** Offsets are multiples of this: WebGPU's largest `minStorageBufferOffsetAlignment`. */
export const alignment = 256;

/** Rounds bytes up to whole aligned slots. */
export const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

interface Placed {
  readonly interval: Interval;
  readonly offset: number;
  readonly end: number;
}

/**
 * Best-fit offsets, largest values first.
 *
 * @param intervals values with their lifetimes
 * @param chunkLimit the most bytes of one chunk; a value larger than this gets a chunk of its own
 *
 * Pisarchyk & Lee 2020, arXiv:2001.03288, "greedy by size".
 */
export function placeInArena(intervals: readonly Interval[], chunkLimit: number): Arena {
  const order = intervals.map((_, index) => index).sort((a, b) => intervals[b]!.bytes - intervals[a]!.bytes || a - b);
  const chunks: Placed[][] = [];
  const placements: Placement[] = [];
  for (const index of order) {
    const interval = intervals[index]!;
    const bytes = aligned(Math.max(interval.bytes, 1));
    let chunk = 0;
    let offset = 0;
    for (; ; chunk++) {
      const placed = (chunks[chunk] ??= []);
      offset = bestFit(placed, interval, bytes);
      if (offset + bytes <= chunkLimit || placed.length === 0) break;
    }
    insert(chunks[chunk]!, { interval, offset, end: offset + bytes });
    placements[index] = { chunk, offset };
  }
  return { chunkBytes: chunks.map((placed) => placed.reduce((most, { end }) => Math.max(most, end), 0)), placements };
}

/** The smallest gap that holds `bytes` among the values alive at the same time, which stand in order of offset. */
function bestFit(placed: readonly Placed[], { first, last }: Interval, bytes: number): number {
  let best = -1;
  let bestGap = Infinity;
  let end = 0;
  for (const other of placed) {
    if (other.interval.first > last || other.interval.last < first) continue;
    const gap = other.offset - end;
    if (gap >= bytes && gap < bestGap) {
      best = end;
      bestGap = gap;
    }
    end = Math.max(end, other.end);
  }
  return best >= 0 ? best : end;
}

function insert(placed: Placed[], value: Placed): void {
  let low = 0;
  let high = placed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placed[middle]!.offset < value.offset) low = middle + 1;
    else high = middle;
  }
  placed.splice(low, 0, value);
}
