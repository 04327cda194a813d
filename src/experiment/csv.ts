/** CSV by RFC 4180. */

/** One cell; null is an empty one. */
export type CsvCell = string | number | null;

/**
 * The text of rows, each ended by CR LF; cells are quoted where they must be. A text that a spreadsheet would compute gets an
 * apostrophe before it, which spreadsheets take for "text": names of classes may come from anyone. Numbers stay as they are.
 *
 * OWASP, "CSV injection".
 */
export const csv = (rows: readonly (readonly CsvCell[])[]): string =>
  rows.map((row) => `${row.map(cellText).join(",")}\r\n`).join("");

const computed = /^[=+\-@\t\r]/;
const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function cellText(value: CsvCell): string {
  const text = value === null ? "" : String(value);
  const isSafe = typeof value === "number" || numeral.test(text) || !computed.test(text);
  const shown = isSafe ? text : `'${text}`;
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
