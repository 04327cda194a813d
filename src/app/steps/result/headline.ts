/** The answer to this screen's question in words, no stronger than the intervals are. */
import type { ConditionResult } from "../../../experiment/record.ts";
import { gapInWords, type Gap } from "../../../experiment/statistics.ts";
import { isAdded } from "../../condition-look.ts";
import { intervalTexts, listText, numberText, percentText } from "../../format.ts";
import { t } from "../../strings.ts";
import { nameInSentence, spokenLabel } from "./spoken-label.ts";

/** The p-value below which a difference counts where several are looked at. */
const level = 0.05;

/** The condition with added images whose mean is the highest; undefined where there is none. */
export function bestAdded(conditions: readonly ConditionResult[]): ConditionResult | undefined {
  return conditions.filter(({ id }) => isAdded(id)).sort((a, b) => b.mean - a.mean)[0];
}

const span = (gap: Gap): Readonly<Record<string, string>> => {
  const { mean, ...ends } = intervalTexts(gap);
  return { gap: mean, ...ends };
};

/** Which images helped most, in a sentence. */
export function headlineText(conditions: readonly ConditionResult[]): string {
  const best = bestAdded(conditions);
  if (!best) return t("result.headline.none");
  const said = { best: spokenLabel(best.id), mean: percentText(best.mean), n: numberText(best.n) };
  const retrieval = conditions.find(({ id }) => id === "retrieval");
  if (best.n < 2) return t("result.headline.single", said);
  if (!retrieval) return t("result.headline.no-reference", said);
  if (best.id === retrieval.id) return retrievalText(conditions, said);
  const values = { ...said, retrieved: percentText(retrieval.mean) };
  const gap = best.gapToRetrieval!;
  return t(gap.separable ? "result.headline.above" : "result.headline.open", { ...values, ...span(gap) });
}

/** The sentence where retrieval has the highest mean. */
function retrievalText(conditions: readonly ConditionResult[], said: Readonly<Record<string, string>>): string {
  const others = conditions.filter(({ id }) => isAdded(id) && id !== "retrieval");
  if (others.length === 0) return t("result.headline.alone", said);
  const open = others.filter(({ gapToRetrieval: gap }) => !gap!.separable);
  if (open.length === 0) return t("result.headline.retrieval", said);
  const all = open.length === others.length && open.length > 3;
  if (all) return t("result.headline.retrieval-open-all", said);
  return t("result.headline.retrieval-open", { ...said, others: listText(open.map(({ id }) => nameInSentence(id))) });
}

/** What the sentence above leaves out: whether the best helped at all, and whether its lead stands among all comparisons. */
export function besideHeadline(conditions: readonly ConditionResult[]): string[] {
  const best = bestAdded(conditions);
  const helped = best?.gapToReal;
  const p = best?.pToRetrieval?.holm;
  const isDoubtful = best?.gapToRetrieval?.separable === true && p !== undefined && p >= level;
  const real = { ...(helped ? span(helped) : {}), words: helped ? gapInWords(helped, best.n, t("result.real")) : "" };
  return [
    ...(helped ? [t("result.headline.real", real)] : []),
    ...(isDoubtful ? [t("result.headline.holm", { p: numberText(p, 3) })] : []),
  ];
}
