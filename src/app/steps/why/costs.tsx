import type { MethodCost } from "../../../experiment/cost.ts";
import type { Results } from "../../../experiment/record.ts";
import { conditionLabel } from "../../condition-label.ts";
import { durationText, listText, numberText, percentText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { WithTable, type TableText } from "../../parts/with-table.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { nameInSentence, spokenLabel } from "../result/spoken-label.ts";
import { shortTimeText } from "../sources/provenance-words.ts";
import { costAxes, costPoints, placeLabels, type CostPoint, type LabelPlace } from "./cost-points.ts";
import { downOf, Plot, plotHeight, PlotMark } from "./plot.tsx";

/** Pixels between labels. */
const apart = 17;

const timeText = (seconds: number): string => (seconds < 60 ? shortTimeText(seconds) : durationText(seconds));

/** A power of ten. */
const tickText = (seconds: number): string =>
  seconds < 1 ? shortTimeText(seconds) : t("sources.seconds.unit", { value: numberText(seconds) });

/** A name for beside a mark, whose shape says that it is generated. */
const labelBeside = (id: string): string => /^generated \((.+)\)$/.exec(nameInSentence(id))?.[1] ?? nameInSentence(id);

const meanOf = ({ conditions }: Results, wanted: string): number | null =>
  conditions.find(({ id }) => id === wanted)?.mean ?? null;

const seconds = (value: number | null): string =>
  value === null ? t("why.none") : numberText(value, value < 10 ? 2 : 0);

function tableOf(results: Results): TableText {
  const heads = ["condition", "mean", "learn", "image", "set", "images"] as const;
  const rowOf = ({ id, adaptSeconds, secondsPerImage, setSeconds, imagesInEqualSeconds: images }: MethodCost) => {
    const mean = meanOf(results, id);
    return [
      conditionLabel(id),
      mean === null ? t("why.none") : percentText(mean),
      seconds(adaptSeconds),
      secondsPerImage === null ? t("why.none") : numberText(1000 * secondsPerImage, 1),
      seconds(setSeconds),
      images === null ? t("why.none") : numberText(images),
    ];
  };
  return { head: heads.map((head) => t(`why.costs.${head}`)), rows: results.costs.methods.map(rowOf) };
}

/** A method's name beside its mark; a thin line leads to one that had to move. */
const Label = ({
  id,
  x,
  y,
  place,
}: {
  readonly id: string;
  /** Of the mark: per cent across, pixels down. */
  readonly x: number;
  readonly y: number;
  readonly place: LabelPlace;
}) => (
  <g class="cost-point">
    {place.inColumn ? (
      <line class="lead-line" x1={`${x}%`} y1={y} x2="100%" y2={place.y} />
    ) : (
      place.y !== y && <line class="lead-line" x1={`${x}%`} y1={y} x2={`${x + 2}%`} y2={place.y} />
    )}
    <svg x={place.inColumn ? "100%" : `${x}%`} overflow="visible">
      <text x={place.inColumn ? 6 : 15} y={place.y} dy="0.32em">
        {labelBeside(id)}
      </text>
    </svg>
  </g>
);

const wordsOf = ({ id, seconds: time, result }: CostPoint): string =>
  t("why.costs.mark", { name: spokenLabel(id), mean: percentText(result.mean), time: timeText(time) });

const Chart = ({ points, baseline }: { readonly points: readonly CostPoint[]; readonly baseline: number | null }) => {
  const { x, y } = costAxes(points, baseline);
  const down = downOf(y);
  const marks = points.map(({ seconds: time, result }) => ({ x: x.at(time), y: down(result.mean) }));
  const labels = placeLabels(marks, apart, plotHeight);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("why.costs")}>
      <div class="cost-chart">
        <Plot label={t("why.costs.chart")} xName={t("why.costs.x")} {...{ x, y, tickText }}>
          <g aria-hidden="true">
            {baseline !== null && (
              <>
                <line class="reference" x1="0" x2="100%" y1={down(baseline)} y2={down(baseline)} />
                <text x="25%" y={down(baseline) - 6} class="tick">
                  {t("why.costs.baseline")}
                </text>
              </>
            )}
            {points.map(({ id }, i) => (
              <Label key={id} id={id} {...marks[i]!} place={labels[i]!} />
            ))}
          </g>
          {points.map((point) => {
            const { id, seconds: time, result } = point;
            const error = ((result.standardError ?? 0) / (y.high - y.low)) * plotHeight;
            const data = { "data-cost": id, "data-seconds": time };
            return (
              <PlotMark key={id} {...{ id, words: wordsOf(point), x: x.at(time), y: down(result.mean), error, data }} />
            );
          })}
        </Plot>
      </div>
    </div>
  );
};

/** What each method makes in the cheapest generated set's time. */
const EqualTime = ({ results: { costs } }: { readonly results: Results }) => {
  const { cheapest, equalSeconds, methods } = costs;
  if (cheapest === null || equalSeconds === null) return null;
  const list = methods.flatMap(({ id, imagesInEqualSeconds: images }) =>
    images === null ? [] : [t("why.costs.equal.one", { name: nameInSentence(id), images: numberText(images) })],
  );
  const values = { seconds: timeText(equalSeconds), cheapest: nameInSentence(cheapest), list: listText(list) };
  return <p>{t("why.costs.equal", values)}</p>;
};

/** Accuracy against seconds. */
export const Costs = ({ view }: { readonly view: RunView }) => {
  const { results } = view;
  const points = costPoints(results);
  if (points.length === 0) return <p>{t("why.costs.none")}</p>;
  const { poolSeconds } = results.costs;
  return (
    <>
      <p>
        {poolSeconds !== null && t("why.costs.pool", { time: timeText(poolSeconds) })} <RunTag view={view} />
      </p>
      <WithTable caption={t("why.costs.chart")} table={tableOf(results)}>
        <Chart points={points} baseline={meanOf(results, "real-10")} />
      </WithTable>
      <EqualTime results={results} />
    </>
  );
};
