import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawLowDataSets, splitIcons } from "../../src/data/splits.ts";

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `icon-${String(index)}`);

describe("splitIcons", () => {
  test("a quarter of the icons tests and a tenth validates, for every class size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), fc.nat(1000), (count, seed) => {
        const splits = [...splitIcons(ids(count), seed).values()];
        expect(splits).toHaveLength(count);
        expect(splits.filter((split) => split === "test")).toHaveLength(Math.round(0.25 * count));
        expect(splits.filter((split) => split === "validation")).toHaveLength(Math.round(0.1 * count));
      }),
      { numRuns: 30 },
    );
  });

  test("the order of the ids decides nothing, the seed does", () => {
    const forward = splitIcons(ids(40), 3);
    const backward = splitIcons(ids(40).reverse(), 3);
    for (const id of ids(40)) expect(backward.get(id)).toBe(forward.get(id));
    const other = splitIcons(ids(40), 4);
    expect(ids(40).some((id) => other.get(id) !== forward.get(id))).toBe(true);
  });
});

describe("drawLowDataSets", () => {
  const samples = [57, 20, 11].flatMap((count, classIndex) =>
    ids(count).map((id) => ({ id: `${String(classIndex)}/${id}`, classIndex })),
  );
  const { "real-10": ten, "real-20": twenty } = drawLowDataSets(samples, 1);

  test("real-10 has a tenth of each class, rounded up", () => {
    const counts = [0, 1, 2].map((index) => ten.filter((id) => id.startsWith(String(index))).length);
    expect(counts).toEqual([6, 2, 2]);
  });

  test("real-20 is real-10 and an equal draw that shares nothing with it", () => {
    expect(new Set(twenty).size).toBe(2 * ten.length);
    expect(twenty.slice(0, ten.length)).toEqual(ten);
  });

  test("of a share above a half, real-20 is all training pictures", () => {
    const { "real-10": all, "real-20": more } = drawLowDataSets(samples, 1, 1);
    expect(all).toHaveLength(88);
    expect(new Set(more)).toEqual(new Set(all));
    const most = drawLowDataSets(samples, 1, 0.75);
    expect([most["real-10"].length, most["real-20"].length]).toEqual([67, 88]);
  });

  test("a class that is too small for two draws is refused by its index", () => {
    expect(() => drawLowDataSets([{ id: "a", classIndex: 5 }], 1)).toThrow(/class 5: expected at least 2/);
  });
});
