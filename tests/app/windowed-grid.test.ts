import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellAfter, type GridKey } from "../../src/app/parts/grid-keys.ts";
import { columnsIn, gridWindow, topAfter } from "../../src/app/parts/grid-window.ts";
import { ShapeError } from "../../src/errors.ts";

/** 1,003 cells in 8 columns: 126 rows of 72 pixels, the last one with three cells. */
const view = { count: 1003, columns: 8, rowHeight: 72, scrollTop: 0, viewportHeight: 500, overscan: 2 };

describe("the window of a grid", () => {
  test("holds what is seen at the top, in the middle and at the end, and two rows around it", () => {
    expect(gridWindow(view)).toEqual({ rows: 126, first: 0, end: 9, above: 0, below: 117 * 72 });
    // 3,600 to 4,100 pixels are rows 50 to 56, the last one in part.
    expect(gridWindow({ ...view, scrollTop: 3600 })).toEqual({
      ...{ rows: 126, first: 48, end: 59 },
      ...{ above: 48 * 72, below: 67 * 72 },
    });
    const end = 126 * 72 - 500;
    expect(gridWindow({ ...view, scrollTop: end })).toMatchObject({ first: 117, end: 126, below: 0 });
  });

  test("stays within the grid where a browser bounces at its ends", () => {
    expect(gridWindow({ ...view, scrollTop: -80 })).toEqual(gridWindow(view));
    const end = gridWindow({ ...view, scrollTop: 126 * 72 - 500 });
    expect(gridWindow({ ...view, scrollTop: 1e6 })).toEqual(end);
  });

  test("of no picture, and of a grid that is seen whole, holds all there is", () => {
    const none = { rows: 0, first: 0, end: 0, above: 0, below: 0 };
    expect(gridWindow({ ...view, count: 0 })).toEqual(none);
    expect(gridWindow({ ...view, count: 0, scrollTop: 300 })).toEqual(none);
    expect(gridWindow({ ...view, count: 9 })).toEqual({ rows: 2, first: 0, end: 2, above: 0, below: 0 });
    expect(gridWindow({ ...view, count: 8 })).toMatchObject({ rows: 1, end: 1 });
  });

  test("before the page is measured holds no more than the rows around the top", () => {
    expect(gridWindow({ ...view, columns: 1, viewportHeight: 0 })).toMatchObject({ rows: 1003, first: 0, end: 2 });
  });

  test("refuses a grid without columns or heights", () => {
    expect(() => gridWindow({ ...view, columns: 0 })).toThrow(ShapeError);
    expect(() => gridWindow({ ...view, rowHeight: 0 })).toThrow("expected more than 0, got 0");
  });

  // Zoomed pages are measured, and scroll, by parts of a pixel.
  const pixels = (min: number, max: number): fc.Arbitrary<number> =>
    fc.integer({ min: 8 * min, max: 8 * max }).map((eighths) => eighths / 8);
  const views = fc.record({
    count: fc.integer({ min: 0, max: 20_000 }),
    columns: fc.integer({ min: 1, max: 40 }),
    rowHeight: fc.integer({ min: 1, max: 300 }),
    scrollTop: pixels(-500, 2_000_000),
    viewportHeight: pixels(0, 3000),
    overscan: fc.integer({ min: 0, max: 5 }),
  });

  test("has every row that is seen, keeps the height of all rows, and draws no more than is seen and around", () => {
    fc.assert(
      fc.property(views, (given) => {
        const { rows, first, end, above, below } = gridWindow(given);
        const { rowHeight, viewportHeight, overscan, columns, count } = given;
        const height = rows * rowHeight;
        // A browser shows no further than this.
        const top = Math.min(Math.max(0, given.scrollTop), Math.max(0, height - viewportHeight));
        for (let row = 0; row < rows; row++) {
          const isSeen = row * rowHeight < top + viewportHeight && (row + 1) * rowHeight > top;
          if (isSeen) expect(first <= row && row < end, `row ${String(row)}`).toBe(true);
        }
        expect(above + (end - first) * rowHeight + below).toBe(height);
        expect(end - first).toBeLessThanOrEqual(Math.ceil(viewportHeight / rowHeight) + 1 + 2 * overscan);
        expect(0 <= first && first <= end && end <= rows).toBe(true);
        expect(rows * columns).toBeGreaterThanOrEqual(count);
      }),
      { numRuns: 200 },
    );
  });
});

describe("columns", () => {
  test("are as many as fit, the last one without a gap after it, and never none", () => {
    expect(columnsIn(64, 64, 8)).toBe(1);
    expect(columnsIn(135.9, 64, 8)).toBe(1);
    expect(columnsIn(136, 64, 8)).toBe(2);
    expect(columnsIn(280, 64, 8)).toBe(4);
    expect(columnsIn(0, 64, 8)).toBe(1);
  });

  test("that change leave the first picture that is seen in the first row", () => {
    expect(topAfter(0, 72, 8, 5)).toBe(0);
    // The row of pictures 400 to 407 is row 80 of those of five.
    expect(topAfter(50 * 72 + 30, 72, 8, 5)).toBe(80 * 72);
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (top, a, b) => {
        const seen = Math.floor(top / 72) * a;
        const row = topAfter(top, 72, a, b) / 72;
        expect(row * b <= seen && seen < (row + 1) * b).toBe(true);
      }),
    );
  });
});

describe("a key in a grid", () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  const place = { index: 20, count: 1003, columns: 8, pageRows: 6 };
  const after = (key: string, from: Partial<typeof place> = {}, held: Partial<GridKey> = {}): number | null =>
    cellAfter({ ...plain, key, ...held }, { ...place, ...from });

  test("goes one on, and from a row's end to the next row", () => {
    expect([after("ArrowRight"), after("ArrowLeft"), after("ArrowUp"), after("ArrowDown")]).toEqual([21, 19, 12, 28]);
    expect([after("ArrowRight", { index: 23 }), after("ArrowLeft", { index: 24 })]).toEqual([24, 23]);
  });

  test("goes to the row's ends, and with Ctrl to the grid's", () => {
    expect([after("Home"), after("End")]).toEqual([16, 23]);
    expect([after("Home", {}, { ctrlKey: true }), after("End", {}, { ctrlKey: true })]).toEqual([0, 1002]);
    expect([after("Home", { index: 1002 }), after("End", { index: 1000 })]).toEqual([1000, 1002]);
  });

  test("goes a page on to rows that are not drawn yet, at least by a row", () => {
    expect([after("PageDown"), after("PageUp", { index: 500 })]).toEqual([68, 452]);
    expect(after("PageDown", { pageRows: 0 })).toBe(28);
  });

  test("stops at the first and at the last picture", () => {
    expect([after("ArrowLeft", { index: 0 }), after("ArrowUp", { index: 5 }), after("PageUp")]).toEqual([0, 5, 4]);
    expect([after("ArrowRight", { index: 1002 }), after("ArrowDown", { index: 1001 })]).toEqual([1002, 1001]);
  });

  test("goes to the last picture of a last row that has none in the column", () => {
    expect([after("ArrowDown", { index: 999 }), after("PageDown", { index: 999 })]).toEqual([1002, 1002]);
    expect(after("ArrowUp", { index: 1002 })).toBe(994);
  });

  test("with another one held, or one that is not the grid's, is left to the browser", () => {
    expect([after("a"), after("Tab"), after("Escape"), after("Enter")]).toEqual([null, null, null, null]);
    expect(after("ArrowRight", {}, { altKey: true })).toBeNull();
    expect(after("ArrowRight", {}, { ctrlKey: true })).toBeNull();
    expect(after("End", {}, { shiftKey: true })).toBeNull();
  });

  test("never leaves the grid", () => {
    const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];
    fc.assert(
      fc.property(
        fc.constantFrom(...keys),
        fc.boolean(),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(2999),
        fc.nat(30),
        (key, ctrlKey, count, columns, at, pageRows) => {
          const next = cellAfter({ ...plain, key, ctrlKey }, { index: at % count, count, columns, pageRows });
          expect(next === null || (next >= 0 && next < count)).toBe(true);
        },
      ),
    );
  });
});
