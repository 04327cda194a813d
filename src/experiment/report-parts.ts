/** What the parts of a report are made of: tables as HTML, differences as text. */
import { escapeText } from "./svg.ts";

/** A difference in points with its sign: "+1.4", "−0.3". */
export function points(difference: number): string {
  const text = Math.abs(100 * difference).toFixed(1);
  if (text === "0.0") return text;
  return `${difference < 0 ? "−" : "+"}${text}`;
}

const cells = (tag: "td" | "th", values: readonly string[]): string =>
  `<tr>${values.map((value) => `<${tag}>${escapeText(value)}</${tag}>`).join("")}</tr>`;

/** A table as HTML; all cells are plain text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `<table><thead>${cells("th", head)}</thead><tbody>${rows.map((row) => cells("td", row)).join("")}</tbody></table>`;
}
