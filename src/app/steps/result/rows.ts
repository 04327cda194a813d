/** The result's rows as text. */
import type { ConditionResult, Production } from "../../../experiment/record.ts";
import { gapInWords, tInterval, type Gap } from "../../../experiment/statistics.ts";
import { conditionLabel } from "../../condition-label.ts";
import { endsText, intervalTexts, numberText, percentText } from "../../format.ts";
import type { TableText } from "../../parts/with-table.tsx";
import { t } from "../../strings.ts";
import { shareText } from "./intervals.ts";

/** A gap with its 95 % interval, in points: "−4.9 [−5.9, −3.9]"; a dash where there is none. */
export function gapText(gap: Gap | null): string {
  if (gap === null) return t("result.none");
  return t("result.interval", intervalTexts(gap));
}

/** A gap's 95 % bootstrap interval, in points; a dash where there is none. */
function bootstrapText(gap: Gap | null): string {
  if (gap?.bootstrap === undefined) return t("result.none");
  return t("result.range", endsText(gap.bootstrap));
}

/** What the gap to retrieval lets one say: "below retrieval", "not separable at n = 3", or why there is none. */
export function gapWords({ id, n, gapToRetrieval: gap }: ConditionResult, hasRetrieval: boolean): string {
  if (gap !== null) return gapInWords(gap, n);
  if (!hasRetrieval) return t("result.no-retrieval");
  return t(id === "retrieval" ? "result.reference" : "result.single");
}

/** The share of images that two sets have in common; a dash where nothing was drawn, or once. */
export function overlapText(overlap: number | null): string {
  return overlap === null ? t("result.none") : numberText(overlap, 2);
}

/** A p-value with three digits: "0.046", "< 0.001". */
export function pText(p: number | undefined): string {
  if (p === undefined) return t("result.none");
  return p < 0.001 ? t("result.p.small") : numberText(p, 3);
}

function rangeText({ accuracy, n }: ConditionResult): string {
  if (n < 2) return t("result.none");
  const { low, high } = tInterval(accuracy);
  return t("result.range", { low: shareText(low), high: shareText(high) });
}

const heads = [
  "condition",
  "top1",
  "se",
  "n",
  "interval",
  "seeds",
  "gap95",
  "words",
  "p",
  "holm",
  "bootstrap",
  "real",
  "real-bootstrap",
  "share",
  "overlap",
] as const;

/** All numbers of the result. */
export function resultTable(conditions: readonly ConditionResult[], production: readonly Production[]): TableText {
  const hasRetrieval = conditions.some(({ id }) => id === "retrieval");
  return {
    head: heads.map((name) => t(`result.head.${name}`)),
    rows: conditions.map((result) => [
      conditionLabel(result.id),
      percentText(result.mean),
      result.standardError === null ? t("result.none") : percentText(result.standardError),
      numberText(result.n),
      rangeText(result),
      result.accuracy.map((value) => percentText(value)).join(" · "),
      gapText(result.gapToRetrieval),
      gapWords(result, hasRetrieval),
      pText(result.pToRetrieval?.alone),
      pText(result.pToRetrieval?.holm),
      bootstrapText(result.gapToRetrieval),
      gapText(result.gapToReal),
      bootstrapText(result.gapToReal),
      result.shareOfTheWay === null ? t("result.none") : percentText(result.shareOfTheWay, 0),
      overlapText(production.find(({ id }) => id === result.id)?.overlap.meanJaccard ?? null),
    ]),
  };
}
