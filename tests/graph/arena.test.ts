import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Arena, Interval } from "../../src/graph/passes/arena.ts";
import { aligned, alignment, placeInArena } from "../../src/graph/passes/arena.ts";

const interval = fc
  .tuple(fc.integer({ min: 0, max: 20_000 }), fc.nat(40), fc.nat(40))
  .map(([bytes, a, b]): Interval => ({ bytes, first: Math.min(a, b), last: Math.max(a, b) }));
const problem = fc.tuple(fc.array(interval, { maxLength: 60 }), fc.constantFrom(4096, 32_768, 2 ** 29));

const places = (intervals: readonly Interval[], { placements }: Arena) =>
  intervals.map(({ bytes, first, last }, index) => {
    const { chunk, offset } = placements[index]!;
    return { chunk, offset, first, last, end: offset + aligned(Math.max(bytes, 1)) };
  });

describe("the arena", () => {
  test("gives no two values that live at the same time the same bytes", () => {
    fc.assert(
      fc.property(problem, ([intervals, limit]) => {
        const all = places(intervals, placeInArena(intervals, limit));
        all.forEach((a, i) => {
          for (const b of all.slice(i + 1)) {
            const overlap =
              a.chunk === b.chunk && a.first <= b.last && b.first <= a.last && a.offset < b.end && b.offset < a.end;
            expect(overlap).toBe(false);
          }
        });
      }),
    );
  });

  test("aligns every value, keeps it inside its chunk, and chunks inside their limit", () => {
    fc.assert(
      fc.property(problem, ([intervals, limit]) => {
        const arena = placeInArena(intervals, limit);
        const all = places(intervals, arena);
        for (const { chunk, offset, end } of all) {
          expect(offset % alignment).toBe(0);
          expect(end).toBeLessThanOrEqual(arena.chunkBytes[chunk]!);
        }
        arena.chunkBytes.forEach((bytes, chunk) => {
          // Only a value that is larger by itself may make its chunk larger.
          const largest = Math.max(
            ...all.filter((value) => value.chunk === chunk).map(({ offset, end }) => end - offset),
          );
          expect(bytes).toBeLessThanOrEqual(Math.max(limit, largest));
        });
      }),
    );
  });

  test("takes at least what lives at one time and at most what all values take one by one", () => {
    fc.assert(
      fc.property(problem, ([intervals, limit]) => {
        const total = placeInArena(intervals, limit).chunkBytes.reduce((sum, bytes) => sum + bytes, 0);
        const sizes = intervals.map(({ bytes }) => aligned(Math.max(bytes, 1)));
        expect(total).toBeLessThanOrEqual(sizes.reduce((sum, bytes) => sum + bytes, 0));
        for (let step = 0; step <= 40; step++) {
          const alive = intervals.reduce(
            (sum, { first, last }, index) => sum + (first <= step && step <= last ? sizes[index]! : 0),
            0,
          );
          expect(total).toBeGreaterThanOrEqual(alive);
        }
      }),
    );
  });

  test("a chain of equal values takes the memory of two", () => {
    const chain = Array.from({ length: 50 }, (_, step) => ({ bytes: 1024, first: step, last: step + 1 }));
    expect(placeInArena(chain, 2 ** 29).chunkBytes).toEqual([2048]);
  });
});
