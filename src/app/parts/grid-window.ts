/** Which rows of a long grid are drawn: arithmetic only. */
import { ShapeError } from "../../errors.ts";

/** A grid as it stands on the page. */
export interface GridView {
  /** Cells. */
  readonly count: number;
  /** At least 1. */
  readonly columns: number;
  /** Pixels from a row's top to the next one's, the same for all. */
  readonly rowHeight: number;
  /** Pixels above what is seen. A browser that bounces may say less than 0, or more than there is. */
  readonly scrollTop: number;
  /** Pixels that are seen at once. */
  readonly viewportHeight: number;
  /** Rows that are drawn above and below those that are seen. */
  readonly overscan: number;
}

/** Rows that are drawn: from `first` up to, and without, `end`. */
export interface GridWindow {
  readonly rows: number;
  readonly first: number;
  readonly end: number;
  /** Pixels of the rows that are not drawn; with those of the drawn ones always as high as all rows. */
  readonly above: number;
  readonly below: number;
}

/** As many columns as fit, at least one. @param between pixels between two cells */
export function columnsIn(width: number, cell: number, between: number): number {
  return Math.max(1, Math.floor((width + between) / (cell + between)));
}

/**
 * The rows that are seen, and a few around them.
 *
 * @throws ShapeError when there is no column, or a row has no height
 */
export function gridWindow(view: GridView): GridWindow {
  const { count, columns, rowHeight, scrollTop, viewportHeight, overscan } = view;
  if (!(columns >= 1)) throw new ShapeError("gridWindow: columns", "1 or more", String(columns));
  if (!(rowHeight > 0)) throw new ShapeError("gridWindow: rowHeight", "more than 0", String(rowHeight));
  const rows = Math.ceil(count / columns);
  const top = Math.min(Math.max(0, scrollTop), Math.max(0, rows * rowHeight - viewportHeight));
  const first = Math.max(0, Math.floor(top / rowHeight) - overscan);
  const end = Math.min(rows, Math.ceil((top + viewportHeight) / rowHeight) + overscan);
  return { rows, first, end, above: first * rowHeight, below: (rows - end) * rowHeight };
}

/** Where the top of what is seen goes when the columns change, so that the first cell that is seen stays the first. */
export function topAfter(scrollTop: number, rowHeight: number, columns: number, changed: number): number {
  const firstSeen = Math.floor(Math.max(0, scrollTop) / rowHeight) * columns;
  return Math.floor(firstSeen / changed) * rowHeight;
}
