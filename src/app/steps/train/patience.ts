/** How near a training is to its end, in words. */
import { numberText, percentText } from "../../format.ts";
import type { Curve } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";

/** What ends a training. */
export interface TrainingLimits {
  /** Epochs without a better one. */
  readonly stop: number;
  /** Epochs at most. */
  readonly maxEpochs: number;
}

/** What the last epoch was like, and when the training ends. @param limits null where they are not known */
export function patienceText({ epochs, bestEpoch }: Curve, limits: TrainingLimits | null): string {
  const last = epochs.at(-1)!;
  const best = epochs.find(({ epoch }) => epoch === bestEpoch) ?? last;
  const shares = { now: percentText(last.validationAccuracy), best: percentText(best.validationAccuracy) };
  const words = { ...shares, epoch: numberText(last.epoch), bestEpoch: numberText(best.epoch) };
  if (best.epoch === last.epoch) return t("train.live.rising", words);
  if (limits === null) return t("train.live.patience.unknown", words);
  const end = Math.min(best.epoch + limits.stop, limits.maxEpochs);
  return t("train.live.patience", { ...words, end: numberText(end) });
}
