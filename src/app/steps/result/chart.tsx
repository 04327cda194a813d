import type { ConditionResult, Production } from "../../../experiment/record.ts";
import { numberText } from "../../format.ts";
import { ConditionName } from "../../parts/mark.tsx";
import { WithTable } from "../../parts/with-table.tsx";
import { t } from "../../strings.ts";
import { drawing, intervalKind } from "./choices.ts";
import { accuracyAxis, intervalOf, scoreText } from "./intervals.ts";
import { Hatch, PlotAxis, PlotRow, type RowLook } from "./plot-row.tsx";
import { gapText, gapWords, overlapText, resultTable } from "./rows.ts";

/** What the chart shows. */
interface ChartProps {
  /** With the sets that are used. */
  readonly conditions: readonly ConditionResult[];
  /** With all sets, in the same order. */
  readonly all: readonly ConditionResult[];
  readonly production: readonly Production[];
}

const meanOf = (conditions: readonly ConditionResult[], wanted: string): number | null =>
  conditions.find(({ id }) => id === wanted)?.mean ?? null;

/** A number beside a row, with its head for ears and for narrow screens. */
const Cell = ({ head, text, words }: { readonly head: string; readonly text: string; readonly words?: string }) => (
  <span class="result-cell">
    <span class="cell-head">{head} </span>
    {text}
    {words !== undefined && <strong> {words}</strong>}
  </span>
);

const Row = ({
  result,
  turned,
  real,
  look,
  overlap,
}: {
  readonly result: ConditionResult;
  /** Whether its sentence is another with all sets. */
  readonly turned: boolean;
  readonly real: number | null;
  readonly look: RowLook;
  readonly overlap: number | null;
}) => {
  const { id, mean, standardError, n, gapToRetrieval: gap, gapToReal, shareOfTheWay, pToRetrieval } = result;
  return (
    <li
      class="result-row"
      data-condition={id}
      data-mean={mean}
      data-se={standardError}
      data-n={n}
      data-gap={gap?.mean}
      data-gap-low={gap?.low}
      data-gap-high={gap?.high}
      data-separable={gap === null ? undefined : String(gap.separable)}
      data-holm={pToRetrieval?.holm}
      data-gap-real={gapToReal?.mean}
      data-share={shareOfTheWay}
      data-overlap={overlap}
      data-turned={turned ? "true" : undefined}
    >
      <ConditionName id={id} />
      <PlotRow result={result} real={real} look={look} />
      <Cell head={t("result.head.top1")} text={scoreText(result, look.kind)} />
      <Cell head={t("result.head.gap")} text={gapText(gap)} words={gapWords(result, look.reference !== null)} />
      <Cell head={t("result.head.overlap")} text={overlapText(overlap)} />
    </li>
  );
};

const Notes = ({ look, props }: { readonly look: RowLook; readonly props: ChartProps }) => {
  const isClipped = props.conditions.some((result) => {
    const { low, high } = intervalOf(result, look.kind);
    return low < look.axis.low - 1e-9 || high > look.axis.high + 1e-9;
  });
  return (
    <p class="quiet result-notes">
      {props.conditions.some(({ id }) => id === "real-20") && `${t("result.chart.hatched")} `}
      {look.reference !== null && t("result.chart.reference")}
      {isClipped && ` ${t("result.chart.clipped", { all: numberText(props.all[0]?.n ?? 0) })}`}
    </p>
  );
};

/** The heads of the columns, for eyes; each cell has its own for ears. */
const Heads = () => (
  <div class="result-heads" aria-hidden="true">
    <span>{t("result.head.condition")}</span>
    <span />
    <span>{t("result.head.top1")}</span>
    <span>{t("result.head.gap")}</span>
    <span>{t("result.head.overlap")}</span>
  </div>
);

/** Accuracies as dots or bars, a row a condition, with the gap to retrieval in words and the overlap of the sets. */
export const ResultChart = (props: ChartProps & { readonly turned: readonly string[] }) => {
  const { conditions, all, production, turned } = props;
  const kind = intervalKind.value;
  const axis = accuracyAxis(all, kind, drawing.value === "bars");
  const look = { axis, kind, drawing: drawing.value, reference: meanOf(conditions, "retrieval") };
  const around = t(`result.chart.${kind}`, { n: numberText(conditions[0]?.n ?? 0) });
  return (
    <WithTable caption={t("result.chart", { around })} table={resultTable(conditions, production)}>
      <Hatch />
      <div class="result-chart" data-drawing={look.drawing} data-interval={kind}>
        <Heads />
        <ul>
          {conditions.map((result) => (
            <Row
              key={result.id}
              result={result}
              turned={turned.includes(result.id)}
              real={meanOf(conditions, "real-10")}
              look={look}
              overlap={production.find(({ id }) => id === result.id)?.overlap.meanJaccard ?? null}
            />
          ))}
        </ul>
        <div class="result-foot">
          <PlotAxis axis={axis} />
        </div>
      </div>
      <Notes look={look} props={props} />
    </WithTable>
  );
};
