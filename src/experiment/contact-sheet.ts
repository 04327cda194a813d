/** Contact sheets as SVG text: pictures of each class by where they come from, side by side. */
import { FormatError, ShapeError } from "../errors.ts";
import { escapeText, svgDocument } from "./svg.ts";
import { ink, quietInk } from "./palette.ts";

/** One class: for each column its pictures as PNG data URIs. */
export interface SheetRow {
  readonly label: string;
  /** [columns][pictures]; columns may hold different numbers of pictures. */
  readonly cells: readonly (readonly string[])[];
}

const labelWidth = 170;
const headHeight = 34;
const gap = 3;
const columnGap = 22;
const dataUri = /^data:image\/png;base64,[A-Za-z0-9+/=]+$/;

/**
 * A sheet with a class a row and an origin a column, such as target · generated · retrieved.
 *
 * @param columns titles
 * @param rows classes, each with as many cells as there are columns
 * @param size of a picture as drawn, in units
 * @returns a whole SVG document
 * @throws ShapeError when a row has another number of cells
 * @throws FormatError when a picture is not a PNG data URI
 */
export function contactSheet(columns: readonly string[], rows: readonly SheetRow[], size = 48): string {
  for (const row of rows)
    if (row.cells.length !== columns.length)
      throw new ShapeError(`contact sheet ${row.label}`, [columns.length], [row.cells.length]);
  const widths = columns.map((_, c) => Math.max(1, ...rows.map((row) => row.cells[c]!.length)) * (size + gap) - gap);
  const lefts = widths.map((_, c) => labelWidth + widths.slice(0, c).reduce((sum, w) => sum + w + columnGap, 0));
  const width = labelWidth + widths.reduce((sum, w) => sum + w + columnGap, 0);
  const height = headHeight + rows.length * (size + gap) + 8;
  const heads = columns.map(
    (title, c) => `<text x="${lefts[c]!}" y="20" font-size="14" fill="${ink}">${escapeText(title)}</text>`,
  );
  const body = rows.map((row, r) => drawRow(row, columns, lefts, headHeight + r * (size + gap), size));
  return svgDocument(width, height, `Pictures by class: ${columns.join(", ")}`, heads.join("") + body.join(""));
}

function drawRow(row: SheetRow, columns: readonly string[], lefts: readonly number[], y: number, size: number): string {
  const label = `<text x="${labelWidth - 14}" y="${y + size / 2 + 5}" text-anchor="end" font-size="13" fill="${quietInk}">${escapeText(shorten(row.label))}</text>`;
  const pictures = row.cells.flatMap((uris, c) =>
    uris.map((uri, i) => {
      if (!dataUri.test(uri)) throw new FormatError(`contact sheet ${row.label}`, "a PNG data URI", uri.slice(0, 30));
      const title = escapeText(`${columns[c]!}, ${row.label}, ${i + 1}`);
      return `<image x="${lefts[c]! + i * (size + gap)}" y="${y}" width="${size}" height="${size}" href="${uri}" style="image-rendering:pixelated"><title>${title}</title></image>`;
    }),
  );
  return label + pictures.join("");
}

/** A class may list many lemmas; the label column holds about 22 letters. */
function shorten(label: string): string {
  return label.length <= 22 ? label : `${label.slice(0, 21)}…`;
}
