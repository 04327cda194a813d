/** What the parts of a report are made of: tables and figures as HTML, differences and times as text. */
import { digitsOf, type Interval } from "./statistics.ts";
import { escapeText } from "./svg.ts";

/** A difference in points with its sign: "+1.4", "−0.3". */
export function points(difference: number, digits = 1): string {
  const text = Math.abs(100 * difference).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${difference < 0 ? "−" : "+"}${text}`;
}

/** A difference with its interval, all in the digits that tell an end beside zero from zero: "−5.4 [−6.9, −3.9]". */
export function intervalText(interval: Interval): string {
  const digits = digitsOf(interval);
  return `${points(interval.mean, digits)} [${points(interval.low, digits)}, ${points(interval.high, digits)}]`;
}

const cells = (tag: "td" | "th", values: readonly string[]): string =>
  `<tr>${values.map((value) => `<${tag}>${escapeText(value)}</${tag}>`).join("")}</tr>`;

/** A table as HTML; all cells are plain text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `<table><thead>${cells("th", head)}</thead><tbody>${rows.map((row) => cells("td", row)).join("")}</tbody></table>`;
}

/** A figure as HTML. @param svg a whole SVG document @param caption plain text */
export function figure(svg: string, caption: string): string {
  return `<figure>${svg}<figcaption class="quiet">${escapeText(caption)}</figcaption></figure>`;
}

/** Seconds in words that a person reads: "12 min 5 s". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

/** A span of any length to two digits: "0.032 s", "4.1 s", "12 min 5 s". */
export function span(seconds: number): string {
  if (seconds >= 60) return duration(seconds);
  return seconds >= 10 ? `${seconds.toFixed(0)} s` : `${Number(seconds.toPrecision(2))} s`;
}
