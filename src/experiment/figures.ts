/** Figures as SVG text: charts of accuracies with their intervals. */
import { ShapeError } from "../errors.ts";
import { linearAxis, type Axis, type AxisEnds } from "./axis.ts";
import { conditionOf } from "./conditions.ts";
import type { ConditionResult } from "./record.ts";
import { escapeText, fixed, svgDocument, textWidth } from "./svg.ts";
import { ink, looks, quietInk } from "./palette.ts";
import { tInterval } from "./statistics.ts";

const width = 720;
const rowHeight = 44;
const labelWidth = 220;
const valueWidth = 130;
const labelSize = 14;
const labelGap = 14;
const top = 34;
const plotLeft = labelWidth;
const plotRight = width - valueWidth;

/** A share as a percentage with one digit: "46.1". */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}

/** The t interval of a condition's mean accuracy, cut to 0 and 1; null for a single classifier. */
function intervalOf({ accuracy }: ConditionResult): { low: number; high: number } | null {
  if (accuracy.length < 2) return null;
  const { low, high } = tInterval(accuracy);
  return { low: Math.max(0, low), high: Math.min(1, high) };
}

/** A figure's axis, with at most eight spaces between its ticks. @param ends of the plot in pixels */
export const axisOver = (low: number, high: number, ends: AxisEnds = [plotLeft, plotRight]): Axis =>
  linearAxis(low, high, 8, ends);

/** Digits that tell an axis's ticks apart, in per cent or points. */
export function tickDigits({ ticks }: Axis): number {
  return (ticks[1] ?? 0) - (ticks[0] ?? 0) < 0.00999 ? 1 : 0;
}

function tickMarks(axis: Axis, bottom: number): string {
  const { at, ticks } = axis;
  const digits = tickDigits(axis);
  return ticks
    .map((tick) => {
      const x = fixed(at(tick));
      return (
        `<line x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" stroke="#d9d9d9"/>` +
        `<text x="${x}" y="${bottom + 18}" text-anchor="middle" fill="${quietInk}" font-size="12">${(100 * tick).toFixed(digits)}</text>`
      );
    })
    .join("");
}

function chanceLine({ at, ticks }: Axis, chance: number, bottom: number): string {
  if (chance < (ticks[0] ?? 0)) return "";
  const x = fixed(at(chance));
  return (
    `<line x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" stroke="${quietInk}" stroke-dasharray="4 3"/>` +
    `<text x="${x}" y="${top - 6}" text-anchor="middle" fill="${quietInk}" font-size="11">chance</text>`
  );
}

function whisker({ at }: Axis, { low, high }: { low: number; high: number }, y: number): string {
  const [a, b] = [fixed(at(low)), fixed(at(high))];
  return `<path d="M${a},${y}H${b}M${a},${y - 6}V${y + 6}M${b},${y - 6}V${y + 6}" fill="none" stroke="${ink}" stroke-width="1.5"/>`;
}

function mark(fill: string, path: string, x: number, y: number, scale = 1): string {
  const transform = `translate(${fixed(x)},${y})${scale === 1 ? "" : ` scale(${scale})`}`;
  return `<path d="${path}" transform="${transform}" fill="${fill}" stroke="${ink}" stroke-width="${1.5 / scale}"/>`;
}

function rowLabel(result: ConditionResult, y: number): string {
  const error = result.standardError === null ? "" : ` ± ${percent(result.standardError)}`;
  return (
    `<text x="${plotLeft - labelGap}" y="${y + 5}" text-anchor="end" fill="${ink}" font-size="${labelSize}">${escapeText(conditionOf(result.id).label)}</text>` +
    `<text x="${plotRight + 14}" y="${y + 5}" fill="${ink}" font-size="14">${percent(result.mean)}${error}</text>`
  );
}

/** What a chart says, in a sentence, for those who do not see it. */
function summary(results: readonly ConditionResult[]): string {
  const rows = results.map((result) => {
    const error = result.standardError === null ? "" : `, standard error ${percent(result.standardError)}`;
    return `${conditionOf(result.id).label}: ${percent(result.mean)} percent${error}, n ${result.n}`;
  });
  return `Test accuracy. ${rows.join("; ")}.`;
}

function chart(results: readonly ConditionResult[], axis: Axis, chance: number, body: string, note: string): string {
  const bottom = top + rowHeight * results.length;
  const height = bottom + 58;
  const labels = results.map((result, i) => rowLabel(result, rowMiddle(i))).join("");
  const middle = (plotLeft + plotRight) / 2;
  const widest = Math.max(...results.map(({ id }) => textWidth(conditionOf(id).label, labelSize)));
  const more = Math.max(0, widest + 2 * labelGap - plotLeft);
  const content =
    `${tickMarks(axis, bottom)}${chanceLine(axis, chance, bottom)}${body}${labels}` +
    `<text x="${middle}" y="${bottom + 40}" text-anchor="middle" fill="${quietInk}" font-size="12">${escapeText(note)}</text>`;
  const whole = more === 0 ? content : `<g transform="translate(${more},0)">${content}</g>`;
  return svgDocument(width + more, height, summary(results), whole);
}

const rowMiddle = (row: number): number => top + rowHeight * (row + 0.5);

function requireRows(where: string, results: readonly ConditionResult[]): void {
  if (results.length === 0) throw new ShapeError(where, "at least 1 condition", [0]);
}

/** The stripes of families that are bounds, not methods. */
const hatches = Object.entries(looks)
  .filter(([, look]) => look.hatched)
  .map(
    ([family, { fill }]) =>
      `<defs><pattern id="hatch-${family}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
      `<rect width="8" height="8" fill="#fff"/><rect width="5" height="8" fill="${fill}"/></pattern></defs>`,
  )
  .join("");

/**
 * One row a condition: a faint dot for each classifier, the family's mark at their mean, and the 95 % t interval. The
 * axis fits the values; nothing on it says where zero is.
 *
 * @param chance share, drawn where the axis reaches it
 * @returns a whole SVG document, 720 units wide, more where labels are long
 * @throws ShapeError when there are no conditions
 */
export function dotsFigure(results: readonly ConditionResult[], chance: number): string {
  requireRows("dots figure", results);
  const values = results.flatMap((result) => {
    const interval = intervalOf(result);
    return [...result.accuracy, ...(interval ? [interval.low, interval.high] : [])];
  });
  const axis = axisOver(Math.max(0, Math.min(...values)), Math.max(...values));
  const rows = results.map((result, i) => {
    const { fill, mark: path } = looks[conditionOf(result.id).family];
    const y = rowMiddle(i);
    const dots = result.accuracy
      .map((value) => `<circle cx="${fixed(axis.at(value))}" cy="${y + 14}" r="2.5" fill="${ink}" fill-opacity="0.5"/>`)
      .join("");
    const interval = intervalOf(result);
    return `${interval ? whisker(axis, interval, y) : ""}${mark(fill, path, axis.at(result.mean), y)}${dots}`;
  });
  return chart(
    results,
    axis,
    chance,
    rows.join(""),
    "test accuracy, % · mean ± standard error, 95 % t interval · a dot a classifier",
  );
}

/**
 * One bar a condition from zero to its mean, with the 95 % t interval; a bound is hatched.
 *
 * @param chance share, drawn as a dashed line
 * @returns a whole SVG document, 720 units wide, more where labels are long
 * @throws ShapeError when there are no conditions
 */
export function barsFigure(results: readonly ConditionResult[], chance: number): string {
  requireRows("bars figure", results);
  const axis = axisOver(0, Math.max(...results.map((result) => intervalOf(result)?.high ?? result.mean)));
  const rows = results.map((result, i) => {
    const { family } = conditionOf(result.id);
    const { fill, mark: path, hatched } = looks[family];
    const y = rowMiddle(i);
    const paint = hatched ? `url(#hatch-${family})` : fill;
    const bar = `<rect x="${plotLeft}" y="${y - 13}" width="${fixed(axis.at(result.mean) - plotLeft)}" height="26" fill="${paint}" stroke="${ink}" stroke-width="1.5"/>`;
    const interval = intervalOf(result);
    return `${bar}${mark(fill, path, plotLeft + 14, y)}${interval ? whisker(axis, interval, y) : ""}`;
  });
  return chart(
    results,
    axis,
    chance,
    hatches + rows.join(""),
    "test accuracy, % · mean ± standard error, 95 % t interval",
  );
}
