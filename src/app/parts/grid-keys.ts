/** Where keys go in a grid. */

/** What of a keyboard event decides. */
export type GridKey = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** Where one is in a grid. */
export interface GridPlace {
  /** Of the cell with the focus. */
  readonly index: number;
  readonly count: number;
  readonly columns: number;
  /** Rows that are seen at once: as far as a page goes. */
  readonly pageRows: number;
}

/**
 * The cell that a key goes to, as in the grid pattern of the ARIA Authoring Practices: the arrows one on, where a row's end leads to
 * the next row; Home and End to the row's ends, with Ctrl to the grid's; Page up and Page down by what is seen at once.
 *
 * @returns the same place where there is nothing further; null for keys that are not the grid's
 */
export function cellAfter({ key, ctrlKey, metaKey, altKey, shiftKey }: GridKey, place: GridPlace): number | null {
  const isEnd = key === "Home" || key === "End";
  if (metaKey || altKey || shiftKey || (ctrlKey && !isEnd)) return null;
  const { index, count, columns, pageRows } = place;
  const last = count - 1;
  const rowStart = index - (index % columns);
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, index - 1);
    case "ArrowRight":
      return Math.min(last, index + 1);
    case "ArrowUp":
      return rowsFrom(place, -1);
    case "ArrowDown":
      return rowsFrom(place, 1);
    case "PageUp":
      return rowsFrom(place, -Math.max(1, pageRows));
    case "PageDown":
      return rowsFrom(place, Math.max(1, pageRows));
    case "Home":
      return ctrlKey ? 0 : rowStart;
    case "End":
      return ctrlKey ? last : Math.min(last, rowStart + columns - 1);
    default:
      return null;
  }
}

/** So many rows on in the same column; in a last row that has no such cell, its last one. */
function rowsFrom({ index, count, columns }: GridPlace, by: number): number {
  const lastRow = Math.floor((count - 1) / columns);
  const row = Math.min(lastRow, Math.max(0, Math.floor(index / columns) + by));
  return Math.min(count - 1, row * columns + (index % columns));
}
