/** The answer to the page's question in words, no stronger than the intervals are. */
import { conditionIds, conditionOf } from "../../../experiment/conditions.ts";
import type { ConditionResult, Results } from "../../../experiment/record.ts";
import { gapInWords } from "../../../experiment/statistics.ts";
import { conditionLabel } from "../../condition-label.ts";
import { numberText, percentText, pointsText } from "../../format.ts";
import { t } from "../../strings.ts";

/** Which condition speaks for generation where there are several: CLIP's prompts, else the paper's best. */
const spokesmen = ["clip-prompts", "pseudoword-dm"];

const isGenerated = (id: string): boolean => {
  const known = conditionIds().find((condition) => condition === id);
  return known !== undefined && ["prompt", "personalised"].includes(conditionOf(known).family);
};

function generatedOf({ conditions }: Results): ConditionResult | undefined {
  const made = conditions.filter(({ id }) => isGenerated(id));
  return spokesmen.map((wanted) => made.find(({ id }) => id === wanted)).find(Boolean) ?? made[0];
}

/** The sentence that a run's `report.html` begins with, in the page's words. */
export function answerText(results: Results): string {
  const retrieval = results.conditions.find(({ id }) => id === "retrieval");
  const generated = generatedOf(results);
  if (!retrieval || !generated) return t("report.answer.neither");
  const { id, n, gapToRetrieval: gap } = generated;
  const scores = {
    retrieved: percentText(retrieval.mean),
    generated: percentText(generated.mean),
    which: id === "clip-prompts" ? "" : t("report.answer.which", { label: conditionLabel(id) }),
  };
  if (gap === null) return t("report.answer.single", scores);
  const span = { gap: pointsText(gap.mean), low: pointsText(gap.low), high: pointsText(gap.high), n: numberText(n) };
  if (!gap.separable) return t("report.answer.open", { ...scores, ...span, words: gapInWords(gap, n) });
  return t(gap.mean < 0 ? "report.answer.retrieval" : "report.answer.generation", { ...scores, ...span });
}
