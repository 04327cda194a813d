/** The report's tables as text. */
import type { Audit, ConditionResult } from "../../../experiment/record.ts";
import { gapInWords } from "../../../experiment/statistics.ts";
import { conditionLabel } from "../../condition-label.ts";
import { intervalTexts, listText, numberText, percentText } from "../../format.ts";
import type { TableText } from "../../parts/with-table.tsx";
import { t } from "../../strings.ts";

const wordsOf = ({ id, n, gapToRetrieval: gap }: ConditionResult): string => {
  if (gap !== null) return gapInWords(gap, n);
  if (id === "retrieval") return t("report.reference");
  return t(n < 2 ? "report.no-interval" : "result.no-retrieval");
};

const gapOf = ({ gapToRetrieval: gap }: ConditionResult): string =>
  gap === null ? t("report.none") : t("report.interval", intervalTexts(gap));

/** The table of the result: what `report.html` has, row by row. */
export function resultTable(conditions: readonly ConditionResult[]): TableText {
  const head = ["condition", "top1", "se", "n", "gap", "words"] as const;
  return {
    head: head.map((name) => t(`report.table.${name}`)),
    rows: conditions.map((result) => [
      conditionLabel(result.id),
      percentText(result.mean),
      result.standardError === null ? t("report.none") : percentText(result.standardError),
      numberText(result.n),
      gapOf(result),
      wordsOf(result),
    ]),
  };
}

/** What the audit found, condition by condition. */
export function auditTable({ conditions }: Audit): TableText {
  const head = ["condition", "checked", "flagged", "dropped", "highest"] as const;
  return {
    head: head.map((name) => t(`report.table.${name}`)),
    rows: conditions.map(({ id, checked, flagged, dropped, highest }) => [
      ...[conditionLabel(id), numberText(checked), numberText(flagged), numberText(dropped)],
      highest.map((value) => numberText(value, 3)).join(" · "),
    ]),
  };
}

/** The audit in two sentences: what was compared, and how much was flagged. */
export function auditText({ against, action, conditions }: Audit): string {
  const sum = (of: (condition: Audit["conditions"][number]) => number): number =>
    conditions.reduce((total, condition) => total + of(condition), 0);
  return t(`report.audit.${action}`, {
    against: listText(against),
    checked: numberText(sum(({ checked }) => checked)),
    flagged: numberText(sum(({ flagged }) => flagged)),
    dropped: numberText(sum(({ dropped }) => dropped)),
  });
}
