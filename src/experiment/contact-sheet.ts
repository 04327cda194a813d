/** Contact sheets as SVG text: rows of pictures under titled columns. */
import { FormatError, ShapeError } from "../errors.ts";
import { ink, quietInk } from "./palette.ts";
import { escapeText, shorten, svgDocument } from "./svg.ts";

/** One row: for each column its pictures as PNG data URIs. */
export interface SheetRow {
  readonly label: string;
  /** [columns][pictures]; columns may hold different numbers of pictures. */
  readonly cells: readonly (readonly string[])[];
  /** A few words at the row's end, such as a number. */
  readonly note?: string;
}

/** How a sheet looks. */
export interface SheetOptions {
  /** Side of a picture as drawn, in units. */
  readonly size?: number;
  /** Letters of a row's label that have room. */
  readonly labelLetters?: number;
}

const headHeight = 34;
const lineHeight = 17;
const gap = 3;
const columnGap = 22;
const noteWidth = 130;
/** Units that a letter of a title, and one of a label, takes at most on average. */
const titleLetter = 7.5;
const labelLetter = 7;
/** Lines of a title, at most. */
const mostLines = 3;
const dataUri = /^data:image\/png;base64,[A-Za-z0-9+/=]+$/;

/** Where things are on a sheet. */
interface Layout {
  readonly size: number;
  readonly labelLetters: number;
  readonly labelWidth: number;
  readonly lefts: readonly number[];
  /** End of the last column. */
  readonly right: number;
}

/**
 * A sheet with, for instance, a class a row and an origin a column (target · generated · retrieved), or the other way
 * round.
 *
 * @param columns titles; long ones are broken into lines, and cut where three do not do
 * @param rows each with as many cells as there are columns
 * @returns a whole SVG document
 * @throws ShapeError when a row has another number of cells
 * @throws FormatError when a picture is not a PNG data URI
 */
export function contactSheet(
  columns: readonly string[],
  rows: readonly SheetRow[],
  { size = 48, labelLetters = 22 }: SheetOptions = {},
): string {
  for (const row of rows)
    if (row.cells.length !== columns.length)
      throw new ShapeError(`contact sheet ${row.label}`, [columns.length], [row.cells.length]);
  const widths = columns.map((_, c) => Math.max(1, ...rows.map((row) => row.cells[c]!.length)) * (size + gap) - gap);
  const labelWidth = 16 + labelLetter * labelLetters;
  const lefts = widths.map((_, c) => labelWidth + widths.slice(0, c).reduce((sum, w) => sum + w + columnGap, 0));
  const right = labelWidth + widths.reduce((sum, w) => sum + w + columnGap, 0);
  const titles = columns.map((title, c) => titleLines(title, Math.floor((widths[c]! + columnGap) / titleLetter)));
  const top = headHeight + lineHeight * (Math.max(1, ...titles.map(({ length }) => length)) - 1);
  const layout = { size, labelLetters, labelWidth, lefts, right };
  const heads = titles.map((lines, c) => drawTitle(lines, lefts[c]!, top));
  const body = rows.map((row, r) => drawRow(row, columns, layout, top + r * (size + gap)));
  const width = right + (rows.some(({ note }) => note !== undefined) ? noteWidth : 0);
  const height = top + rows.length * (size + gap) + 8;
  const label = `Pictures of ${rows.map((row) => row.label).join(", ")}: ${columns.join(", ")}`;
  return svgDocument(width, height, label, heads.join("") + body.join(""));
}

/** A title's words in lines of so many letters. */
function titleLines(title: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of title.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(shorten(word, letters));
  }
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), shorten(lines.slice(mostLines - 1).join(" "), letters)];
}

/** The last line stands right above the pictures. */
function drawTitle(lines: readonly string[], x: number, bottom: number): string {
  const first = bottom - 14 - lineHeight * (lines.length - 1);
  return lines
    .map((line, i) => {
      return `<text x="${x}" y="${first + lineHeight * i}" font-size="14" fill="${ink}">${escapeText(line)}</text>`;
    })
    .join("");
}

function drawRow(row: SheetRow, columns: readonly string[], layout: Layout, y: number): string {
  const { size, labelLetters, labelWidth, lefts, right } = layout;
  const middle = y + size / 2 + 5;
  const label = `<text x="${labelWidth - 14}" y="${middle}" text-anchor="end" font-size="13" fill="${quietInk}">${escapeText(shorten(row.label, labelLetters))}</text>`;
  const note =
    row.note === undefined
      ? ""
      : `<text x="${right}" y="${middle}" font-size="13" fill="${quietInk}">${escapeText(row.note)}</text>`;
  const pictures = row.cells.flatMap((uris, c) =>
    uris.map((uri, i) => {
      if (!dataUri.test(uri)) throw new FormatError(`contact sheet ${row.label}`, "a PNG data URI", uri.slice(0, 30));
      const title = escapeText(`${columns[c]!}, ${row.label}, ${i + 1}`);
      return `<image x="${lefts[c]! + i * (size + gap)}" y="${y}" width="${size}" height="${size}" href="${uri}" style="image-rendering:pixelated"><title>${title}</title></image>`;
    }),
  );
  return label + pictures.join("") + note;
}
