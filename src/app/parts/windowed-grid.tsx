import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { cellAfter } from "./grid-keys.ts";
import { columnsIn, gridWindow, topAfter } from "./grid-window.ts";
import "./windowed-grid.css";

/** Pixels between two cells. */
const between = 8;

/** Rows that are drawn beyond those that are seen, so that a turn of the wheel meets drawn ones. */
const overscan = 3;

/** The rows that are drawn, and that of the active cell wherever it is: the focus needs it. In order. */
function drawnRows(first: number, end: number, activeRow: number): readonly number[] {
  const seen = Array.from({ length: end - first }, (_, i) => first + i);
  if (activeRow < first) return [activeRow, ...seen];
  return activeRow >= end ? [...seen, activeRow] : seen;
}

/**
 * A grid of squares of which only the rows near those that are seen are in the page, however many there are. It takes the focus when
 * it appears. One cell at a time is in the order of Tab: the active one.
 */
export const WindowedGrid = ({
  label,
  count,
  size,
  active,
  choose,
  enter,
  labelOf,
  children,
}: {
  readonly label: string;
  /** At least 1. */
  readonly count: number;
  /** Pixels a side of a cell. */
  readonly size: number;
  /** The cell that was chosen last. */
  readonly active: number;
  readonly choose: (index: number) => void;
  /** Called where Enter or Space is pressed on the active cell. */
  readonly enter: () => void;
  /** A cell in words. */
  readonly labelOf: (index: number) => string;
  /** What a cell shows, for eyes only. */
  readonly children: (index: number) => ComponentChildren;
}) => {
  const grid = useRef<HTMLDivElement>(null);
  const rowsElement = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ width: 0, height: 0 });
  /** Pixels above the first row that is seen: whole rows, so that nothing is drawn anew within one. */
  const [top, setTop] = useState(0);
  /** Whether the active cell takes the focus once it is drawn, and is brought into sight. */
  const focuses = useRef<"no" | "where-it-is" | "in-sight">("in-sight");
  const rowHeight = size + between;
  const columns = columnsIn(seen.width, size, between);
  const columnsBefore = useRef(columns);
  const { rows, first, end, above, below } = gridWindow({
    ...{ count, columns, rowHeight, overscan },
    ...{ scrollTop: top, viewportHeight: seen.height },
  });

  // Before the first paint, which then has all columns.
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      // Cells change their rows when the columns change, and the focused one is another element then.
      if (grid.current?.contains(document.activeElement)) focuses.current = "where-it-is";
      setSeen({ width: rowsElement.current?.clientWidth ?? 0, height: grid.current?.clientHeight ?? 0 });
    });
    if (grid.current) observer.observe(grid.current);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (grid.current) grid.current.scrollTop = topAfter(top, rowHeight, columnsBefore.current, columns);
    columnsBefore.current = columns;
  }, [columns]);
  useLayoutEffect(() => {
    if (focuses.current === "no") return;
    const cell = grid.current?.querySelector<HTMLElement>(".windowed-cell[tabindex='0']");
    cell?.focus({ preventScroll: true });
    // At once, and no further than needed; whatever else the grid lies in scrolls too.
    if (focuses.current === "in-sight") cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
    focuses.current = "no";
  });

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      enter();
      return;
    }
    const pageRows = Math.floor(seen.height / rowHeight);
    const next = cellAfter(event, { index: active, count, columns, pageRows });
    if (next === null) return;
    event.preventDefault();
    if (next === active) return;
    focuses.current = "in-sight";
    choose(next);
  };
  const cellsOf = (row: number): readonly number[] =>
    Array.from({ length: Math.min(columns, count - row * columns) }, (_, i) => row * columns + i);
  const styleOf = (row: number) => ({
    ...{ height: `${rowHeight}px`, columnGap: `${between}px` },
    ...(row < first || row >= end ? { position: "absolute", top: `${row * rowHeight}px` } : {}),
  });
  return (
    <div
      class="windowed-grid"
      ref={grid}
      role="grid"
      aria-label={label}
      aria-rowcount={rows}
      aria-colcount={columns}
      onScroll={({ currentTarget }) => setTop(Math.floor(currentTarget.scrollTop / rowHeight) * rowHeight)}
      onKeyDown={onKeyDown}
    >
      <div
        class="windowed-rows"
        ref={rowsElement}
        role="rowgroup"
        style={{ paddingTop: `${above}px`, paddingBottom: `${below}px` }}
      >
        {drawnRows(first, end, Math.floor(active / columns)).map((row) => (
          <div class="windowed-row" key={row} role="row" aria-rowindex={row + 1} style={styleOf(row)}>
            {cellsOf(row).map((index) => (
              <div
                class="windowed-cell"
                key={index}
                role="gridcell"
                aria-colindex={(index % columns) + 1}
                aria-label={labelOf(index)}
                aria-selected={index === active}
                title={labelOf(index)}
                tabIndex={index === active ? 0 : -1}
                data-index={index}
                style={{ width: `${size}px`, height: `${size}px` }}
                onFocus={() => choose(index)}
              >
                {children(index)}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
};
