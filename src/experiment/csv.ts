/** CSV by RFC 4180. */

/** One cell; null is an empty one. */
export type CsvCell = string | number | null;

/** The text of rows, each ended by CR LF; cells are quoted where they must be. */
export const csv = (rows: readonly (readonly CsvCell[])[]): string =>
  rows.map((row) => `${row.map(cellText).join(",")}\r\n`).join("");

function cellText(value: CsvCell): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
