/** The figure of what a condition changes class by class. */
import { ShapeError } from "../errors.ts";
import { conditionOf, type ConditionId } from "./conditions.ts";
import { axisOver, tickDigits } from "./figures.ts";
import { escapeText, fixed, shorten, smallMark, svgDocument } from "./svg.ts";
import { ink, quietInk } from "./palette.ts";
import { classesAtEnds, type ClassResults } from "./per-class.ts";
import { orderOf } from "./statistics.ts";

const width = 720;
const plotLeft = 190;
const plotRight = width - 30;
const top = 30;

/** Classes that are shown at each end when not all fit. */
const shownAtEnds = 12;

/** Letters of a class's name that fit beside the plot. */
const nameLetters = 24;

/** Units between the marks of a class. */
const markStep = 13;

/** The conditions that are drawn: no bound, and those with improvements. */
export function comparedConditions(results: readonly ClassResults[]): ClassResults[] {
  return results.filter(({ id, improvement }) => improvement !== null && conditionOf(id).family !== "more-real");
}

/** Numbers of classes, the one that gains most by the reference first; only both ends where there are many. */
export function orderedClasses(results: readonly ClassResults[], reference: ConditionId): number[] {
  const by = results.find(({ id }) => id === reference)?.improvement ?? results.at(-1)?.improvement ?? [];
  return classesAtEnds(by, shownAtEnds);
}

/**
 * A row a class, a mark and an interval a condition: points of accuracy gained or lost against 10 % real.
 *
 * @param names of the classes
 * @returns a whole SVG document, 720 units wide
 * @throws ShapeError when no condition has improvements
 */
export function classesFigure(
  results: readonly ClassResults[],
  names: readonly string[],
  reference: ConditionId = "retrieval",
): string {
  const shown = comparedConditions(results);
  if (shown.length === 0) throw new ShapeError("classes figure", "at least 1 condition with improvements", [0]);
  const order = orderedClasses(shown, reference);
  const intervals = shown.flatMap(({ improvement }) => order.map((index) => improvement![index]!));
  const axis = axisOver(
    Math.min(0, ...intervals.map(({ low }) => low)),
    Math.max(0, ...intervals.map(({ high }) => high)),
    [plotLeft, plotRight],
  );
  const digits = tickDigits(axis);
  const rowHeight = markStep * shown.length + 12;
  const bottom = top + rowHeight * order.length;
  const rules = axis.ticks
    .map((tick) => {
      const x = fixed(axis.at(tick));
      const isZero = Math.abs(tick) < 1e-9;
      return (
        `<line x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" stroke="${isZero ? ink : "#d9d9d9"}"/>` +
        `<text x="${x}" y="${bottom + 18}" text-anchor="middle" fill="${quietInk}" font-size="12">${pointsLabel(tick, digits)}</text>`
      );
    })
    .join("");
  const rows = order.map((index, row) => {
    const y = top + rowHeight * row;
    const label = `<text x="${plotLeft - 12}" y="${fixed(y + rowHeight / 2 + 5)}" text-anchor="end" fill="${ink}" font-size="13">${escapeText(shorten(names[index]!, nameLetters))}</text>`;
    const marks = shown.map(({ id, improvement }, i) => {
      const { mean, low, high } = improvement![index]!;
      const at = fixed(y + 6 + markStep * (i + 0.5));
      const whisker = `<path d="M${fixed(axis.at(low))},${at}H${fixed(axis.at(high))}" stroke="${ink}" stroke-width="1.2"/>`;
      return whisker + smallMark(conditionOf(id).family, fixed(axis.at(mean)), at);
    });
    return label + marks.join("");
  });
  const legend = shown.map(({ id }, i) => {
    const { family, label } = conditionOf(id);
    const y = bottom + 62 + 20 * i;
    const text = `<text x="${plotLeft + 14}" y="${y}" fill="${ink}" font-size="13">${escapeText(label)}</text>`;
    return smallMark(family, String(plotLeft), String(y - 4)) + text;
  });
  const height = bottom + 62 + 20 * shown.length;
  const note = "points of test accuracy gained or lost against 10 % real · 95 % bootstrap interval over test images";
  const caption = `<text x="${width / 2}" y="${bottom + 38}" text-anchor="middle" fill="${quietInk}" font-size="12">${escapeText(note)}</text>`;
  return svgDocument(width, height, summary(shown, names, order), rules + rows.join("") + caption + legend.join(""));
}

/** Points under a tick: "−0.5". */
function pointsLabel(tick: number, digits: number): string {
  const text = (100 * tick).toFixed(digits);
  return Number(text) === 0 ? "0" : text.replace("-", "−");
}

function summary(shown: readonly ClassResults[], names: readonly string[], order: readonly number[]): string {
  const parts = shown.map(({ id, improvement }) => {
    const gains = improvement!.filter(({ mean }) => orderOf(mean, 0) > 0).length;
    return `${conditionOf(id).label}: ${gains} of ${improvement!.length} classes gain`;
  });
  return `Improvement by class against 10 % real. ${parts.join("; ")}. Most: ${names[order[0]!]}; least: ${names[order.at(-1)!]}.`;
}
