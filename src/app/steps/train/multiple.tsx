import { conditionLabel } from "../../condition-label.ts";
import { lookOf } from "../../condition-look.ts";
import { listText, numberText, percentText } from "../../format.ts";
import { Mark } from "../../parts/mark.tsx";
import { WithTable, type TableText } from "../../parts/with-table.tsx";
import type { Curve } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import {
  keptPoint,
  meanKept,
  meanPoints,
  pointsOf,
  type ConditionCurves,
  type CurveAxes,
  type CurvePoint,
} from "./curves.ts";
import { LinePanel } from "./line-panel.tsx";

const at = (points: readonly CurvePoint[], epoch: number): number | undefined =>
  points.find((point) => point.epoch === epoch)?.value;

/** A training, or the mean of several, as the table has it. */
interface Line {
  readonly name: string;
  readonly loss: readonly CurvePoint[];
  readonly learned: readonly CurvePoint[];
  readonly accuracy: readonly CurvePoint[];
  readonly kept: number | null;
}

const shareText = (share: number | undefined): string => (share === undefined ? "" : percentText(share));

/** An epoch's loss and accuracies as text; those of an epoch that was kept say so. @param hasLearned with the training pictures' */
function cells({ loss, learned, accuracy, kept }: Line, epoch: number, hasLearned: boolean): readonly string[] {
  const value = at(loss, epoch);
  const share = shareText(at(accuracy, epoch));
  return [
    value === undefined ? "" : numberText(value, 3),
    ...(hasLearned ? [shareText(at(learned, epoch))] : []),
    kept === epoch ? t("train.table.kept", { share }) : share,
  ];
}

/** Every epoch's numbers, the mean's and each set's. */
function tableOf(sets: readonly Curve[]): TableText {
  const lines = sets.map((curve): Line => ({
    name: t("train.set", { set: numberText(curve.set + 1) }),
    ...{ loss: pointsOf(curve, "loss"), learned: pointsOf(curve, "trainAccuracy") },
    ...{ accuracy: pointsOf(curve, "validationAccuracy"), kept: curve.bestEpoch },
  }));
  const mean: Line = {
    name: t("train.mean"),
    ...{ loss: meanPoints(sets, "loss"), learned: meanPoints(sets, "trainAccuracy") },
    ...{ accuracy: meanPoints(sets, "validationAccuracy"), kept: null },
  };
  const all = sets.length > 1 ? [mean, ...lines] : lines;
  const hasLearned = lines.some(({ learned }) => learned.length > 0);
  const epochs = [...new Set(sets.flatMap((curve) => curve.epochs.map(({ epoch }) => epoch)))].sort((a, b) => a - b);
  const heads = all.flatMap(({ name }) => [
    t("train.table.loss", { name }),
    ...(hasLearned ? [t("train.table.learned", { name })] : []),
    t("train.table.accuracy", { name }),
  ]);
  return {
    head: [t("train.epoch"), ...heads],
    rows: epochs.map((epoch) => [numberText(epoch), ...all.flatMap((line) => cells(line, epoch, hasLearned))]),
  };
}

/** What the curves say, in a sentence. */
function message(sets: readonly Curve[]): string {
  const kept = sets.flatMap((curve) => keptPoint(curve, "validationAccuracy")?.epoch ?? []);
  const mean = meanKept(sets);
  const lengths = sets.map(({ epochs }) => numberText(epochs.length));
  if (mean === null) return t("train.message.unknown", { lengths: listText(lengths) });
  const words = { kept: listText(kept.map((epoch) => numberText(epoch))), lengths: listText(lengths) };
  return t(sets.length > 1 ? "train.message" : "train.message.one", { ...words, mean: percentText(mean) });
}

/** The trainings of one condition: loss and accuracy, with their table a key away. */
export const Multiple = ({
  curves: { id, sets },
  axes,
}: {
  readonly curves: ConditionCurves;
  readonly axes: CurveAxes;
}) => (
  <section class="multiple" data-condition={id} data-sets={sets.length} data-mean={meanKept(sets)}>
    <h3>
      <Mark id={id} /> {conditionLabel(id)}
    </h3>
    {sets.length === 0 ? (
      <p class="multiple-waits quiet">{t("train.waits")}</p>
    ) : (
      <WithTable caption={message(sets)} table={tableOf(sets)}>
        <div class="panels" style={{ "--look": lookOf(id).fill }}>
          <LinePanel {...{ sets, axes }} measure="validationAccuracy" />
          <LinePanel {...{ sets, axes }} measure="loss" />
          <span class="panel-x quiet" aria-hidden="true">
            {t("train.epoch")}
          </span>
        </div>
      </WithTable>
    )}
  </section>
);
