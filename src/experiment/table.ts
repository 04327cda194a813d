/** A run's results as text for a terminal. */
import { percent } from "./figures.ts";
import { conditionOf } from "./conditions.ts";
import type { Results } from "./record.ts";
import { answerInWords, resultHead, resultRow } from "./report.ts";

/** The table of conditions, the answer, the audit and what was left out, in lines. */
export function tableText(results: Results): string {
  const rows = [resultHead, ...results.conditions.map(resultRow)];
  const widths = resultHead.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const isNumber = (column: number): boolean => column >= 1 && column <= 4;
  const lines = rows.map((row) =>
    row
      .map((cell, c) => (isNumber(c) ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)))
      .join("  ")
      .trimEnd(),
  );
  const rule = "-".repeat(Math.max(...lines.map(({ length }) => length)));
  return [lines[0]!, rule, ...lines.slice(1), "", answerInWords(results), ...notes(results)].join("\n");
}

function notes(results: Results): string[] {
  const { chance, classes, images, excluded, audit } = results;
  const looks = audit?.against.includes("test") ? "; the leak audit looks at them too" : "";
  return [
    `${String(classes.length)} classes, chance ${percent(chance)} %; ${String(images["test"] ?? 0)} test images, scored once a classifier${looks}.`,
    ...Object.entries(excluded).map(([name, why]) => `Left out of every condition: ${name} (${why}).`),
    auditLine(results),
  ];
}

/** One line on the leak audit. */
export function auditLine({ audit }: Results): string {
  if (audit === null) return "Leak audit: nothing was added.";
  const counts = audit.conditions.map(
    ({ id, flagged, checked, dropped }) =>
      `${conditionOf(id).label} ${String(flagged)} of ${String(checked)} flagged${dropped > 0 ? `, ${String(dropped)} left out` : ""}`,
  );
  return `Leak audit against ${audit.against.join(" and ")}: ${counts.join("; ")}.`;
}
