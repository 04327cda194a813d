/** The answer to the page's question in words, no stronger than the intervals are. */
import { generatedSide, type Results } from "../../../experiment/record.ts";
import { gapInWords } from "../../../experiment/statistics.ts";
import { conditionLabel } from "../../condition-label.ts";
import { intervalTexts, numberText, percentText } from "../../format.ts";
import { t } from "../../strings.ts";

/** The sentence that a run's `report.html` begins with, in the page's words. */
export function answerText(results: Results): string {
  const retrieval = results.conditions.find(({ id }) => id === "retrieval");
  const side = generatedSide(results);
  if (!retrieval || !side) return t("report.answer.neither");
  const { spokesman: generated, best, methods } = side;
  const { id, n, gapToRetrieval: gap } = generated;
  const isPlain = methods === 1 && id === "clip-prompts";
  const scores = {
    retrieved: percentText(retrieval.mean),
    generated: percentText(generated.mean),
    which: isPlain ? "" : t("report.answer.which", { label: conditionLabel(id) }),
    best:
      best.id === id
        ? ""
        : t("report.answer.best", {
            methods: numberText(methods),
            label: conditionLabel(best.id),
            mean: percentText(best.mean),
          }),
  };
  if (gap === null) return t("report.answer.single", scores);
  const { mean, ...ends } = intervalTexts(gap);
  const span = { gap: mean, ...ends, n: numberText(n) };
  if (!gap.separable) return t("report.answer.open", { ...scores, ...span, words: gapInWords(gap, n) });
  return t(gap.mean < 0 ? "report.answer.retrieval" : "report.answer.generation", { ...scores, ...span });
}
