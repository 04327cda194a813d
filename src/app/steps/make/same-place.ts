/** What stays in its place when other lanes are shown: the picture that is looked at, and the focus of the keyboard. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Lane, LanePicture } from "./lanes.ts";

/** The picture in a lane's column, or its last one where it is shorter; null where it has none. */
export function pictureAt({ pictures }: Pick<Lane, "pictures">, column: number): LanePicture | null {
  return pictures[Math.min(column, pictures.length - 1)] ?? null;
}

/** A place in the lanes. */
interface CellPlace {
  /** As the lane is called on the page, such as `retrieved` or `nearest`. */
  readonly lane: string;
  readonly column: number;
}

/** Keeps the focus in its lane and column. @param shown what tells the lanes that are shown from others */
export function useSameCell(shown: unknown): void {
  const before = useRef<{ readonly shown: unknown; readonly cell: CellPlace | null }>({ shown, cell: null });
  // Those that go are still in the document here.
  if (before.current.shown !== shown) before.current = { shown, cell: focusedCell() };
  useLayoutEffect(() => {
    if (before.current.cell) refocusCell(before.current.cell);
  }, [shown]);
}

/** Where the focus is in the lanes; null where it is elsewhere. */
function focusedCell(): CellPlace | null {
  const cell = document.activeElement?.closest(".lane-cells > li");
  const lane = cell?.closest<HTMLElement>("[data-lane]")?.dataset["lane"];
  if (!cell?.parentElement || lane === undefined) return null;
  return { lane, column: [...cell.parentElement.children].indexOf(cell) };
}

/** Brings the focus back to a lane whose focused picture has gone: to the picture whose column is nearest. */
function refocusCell({ lane, column }: CellPlace): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return;
  const cells = [...document.querySelectorAll(`[data-lane="${lane}"] .lane-cells > li`)];
  const buttons = cells.map((cell) => cell.querySelector<HTMLElement>("button"));
  const there = buttons.flatMap((button, at) => (button ? [at] : []));
  const nearest = nearestColumn(there, column);
  if (nearest !== null) buttons[nearest]!.focus();
}

/** The column nearest to one, the earlier of two; null where there is none. @param columns in order */
export function nearestColumn(columns: readonly number[], column: number): number | null {
  return columns.reduce<number | null>(
    (best, at) => (best === null || Math.abs(at - column) < Math.abs(best - column) ? at : best),
    null,
  );
}
