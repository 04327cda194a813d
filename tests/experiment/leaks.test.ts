import { describe, expect, test } from "vitest";
import type { PoolEntry } from "../../src/data/pool.ts";
import { calibrate, nearestHeldOut, pixelEmbeddings, type Embeddings } from "../../src/experiment/leaks.ts";
import { RandomStream } from "../../src/random.ts";

/** A pool of random directions in 8 dimensions; pictures 2k and 2k + 1 below `paired` are doubles, nearly alike. */
function pool(
  count: number,
  paired: number,
): { entries: PoolEntry[]; embed: (rows: readonly number[]) => Promise<Embeddings> } {
  const entries = Array.from({ length: count }, (_, i): PoolEntry => {
    const nearDuplicateGroup = i < paired ? i >> 1 : null;
    return {
      ...{ id: `p${String(i)}`, caption: "", captionKind: "", vendor: "v" },
      icon: `i${String(i)}`,
      class: null,
      nearDuplicateGroup,
      heldOut: false,
    };
  });
  const vector = (i: number): number[] => {
    const random = new RandomStream(1, `direction ${String(i < paired ? i >> 1 : i)}`);
    const own = new RandomStream(1, `own ${String(i)}`);
    const values = Array.from({ length: 8 }, () => random.normal() + (i < paired ? 0.05 * own.normal() : 0));
    return values.map((value) => value / Math.hypot(...values));
  };
  return { entries, embed: (rows) => Promise.resolve({ width: 8, rows: Float32Array.from(rows.flatMap(vector)) }) };
}

describe("calibrate", () => {
  test("one in a hundred pictures without a double is above the threshold, and doubles are found", async () => {
    const { entries, embed } = pool(2000, 600);
    const { threshold, recall, singles, doubles } = await calibrate(entries, 500, 1, embed);
    expect(threshold).toBeGreaterThan(0.9);
    expect(threshold).toBeLessThan(1);
    expect(recall).toBeGreaterThan(0.9);
    expect([singles, doubles]).toEqual([400, 300]);
  });

  test("a threshold against more pictures is higher", async () => {
    const { entries, embed } = pool(2000, 0);
    const few = await calibrate(entries, 10, 1, embed);
    const many = await calibrate(entries, 1000, 1, embed);
    expect(many.threshold).toBeGreaterThan(few.threshold);
    expect(many.recall).toBeNull();
  });

  test("a small pool is split between both sides", async () => {
    const { entries, embed } = pool(40, 10);
    const { threshold, singles } = await calibrate(entries, 500, 1, embed);
    expect(singles).toBe(20);
    expect(threshold).toBeGreaterThan(0);
  });
});

describe("pixelEmbeddings", () => {
  const image = (side: number, value: (x: number, y: number, c: number) => number) => {
    const at = (i: number): [number, number, number] => [Math.floor(i / 3) % side, Math.floor(i / 3 / side), i % 3];
    return { width: side, height: side, data: Uint8Array.from({ length: side * side * 3 }, (_, i) => value(...at(i))) };
  };

  test("a picture and its enlarged, brighter copy are the same; its negative is the opposite", async () => {
    const small = image(32, (x, y, c) => 2 * x + y + 9 * c);
    const large = image(64, (x, y, c) => 2 * (x >> 1) + (y >> 1) + 9 * c + 40);
    const negative = image(32, (x, y, c) => 255 - (2 * x + y + 9 * c));
    const rows = pixelEmbeddings(2, (i) => [large, negative][i]!);
    const [same, opposite] = await nearestHeldOut(
      rows,
      pixelEmbeddings(1, () => small),
    );
    expect(same!.similarity).toBeCloseTo(1, 5);
    expect(opposite!.similarity).toBeCloseTo(-1, 5);
  });

  test("a picture of one colour is like nothing", async () => {
    const rows = pixelEmbeddings(1, () => image(32, () => 77));
    const [hit] = await nearestHeldOut(
      rows,
      pixelEmbeddings(1, () => image(32, (x) => x)),
    );
    expect(hit!.similarity).toBe(0);
  });
});
