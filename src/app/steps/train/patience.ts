/** How near a training is to its end, in words. */
import { numberText, percentText } from "../../format.ts";
import type { Curve } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";

/** What the last epoch was like, and when the training ends. @param stop epochs without a better one that end it; null where that is not known */
export function patienceText({ epochs, bestEpoch }: Curve, stop: number | null): string {
  const last = epochs.at(-1)!;
  const best = epochs.find(({ epoch }) => epoch === bestEpoch) ?? last;
  const shares = { now: percentText(last.validationAccuracy), best: percentText(best.validationAccuracy) };
  const words = { ...shares, epoch: numberText(last.epoch), bestEpoch: numberText(best.epoch) };
  if (best.epoch === last.epoch) return t("train.live.rising", words);
  if (stop === null) return t("train.live.patience.unknown", words);
  return t("train.live.patience", { ...words, end: numberText(best.epoch + stop) });
}
