import type { MethodCost } from "../../../experiment/cost.ts";
import type { Results } from "../../../experiment/record.ts";
import { conditionLabel } from "../../condition-label.ts";
import { lookOf } from "../../condition-look.ts";
import { durationText, listText, numberText, percentText } from "../../format.ts";
import { RunTag } from "../../parts/source-tag.tsx";
import { WithTable, type TableText } from "../../parts/with-table.tsx";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { nameInSentence, spokenLabel } from "../result/spoken-label.ts";
import { shortTimeText } from "../sources/provenance-words.ts";
import { costAxes, costPoints, spreadLabels, type CostPoint } from "./cost-points.ts";

/** Pixels of the chart's plot, and between labels. */
const height = 320;
const apart = 17;

const timeText = (seconds: number): string => (seconds < 60 ? shortTimeText(seconds) : durationText(seconds));

/** A power of ten. */
const tickText = (seconds: number): string =>
  seconds < 1 ? shortTimeText(seconds) : t("sources.seconds.unit", { value: numberText(seconds) });

/** A name for beside a mark, whose shape says that it is generated. */
const labelBeside = (id: string): string => /^generated \((.+)\)$/.exec(nameInSentence(id))?.[1] ?? nameInSentence(id);

const percent = (value: number): string => `${value}%`;

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

/** A method's mark with its error and its name, as one thing to focus; a thin line leads to a name that had to move. */
const Point = ({
  point: { id, seconds: time, result },
  x,
  y,
  error,
  labelY,
}: {
  readonly point: CostPoint;
  /** Per cent across; pixels down. */
  readonly x: number;
  readonly y: number;
  /** Pixels of a standard error. */
  readonly error: number;
  readonly labelY: number;
}) => {
  const { fill, mark } = lookOf(id);
  const words = t("why.costs.mark", {
    ...{ name: spokenLabel(id), mean: percentText(result.mean), time: timeText(time) },
  });
  const isRight = x > 55;
  const side = isRight ? -1 : 1;
  return (
    <svg x={percent(x)} overflow="visible" class="cost-point">
      <g tabindex={0} role="img" aria-label={words} data-cost={id} data-seconds={time}>
        <title>{words}</title>
        <path d={`M0,${y - error}V${y + error}`} class="whisker" />
        <path d={`M0,${y}L${side * 12},${labelY}`} class="lead-line" />
        <path d={mark} transform={`translate(0 ${y})`} fill={fill} class="point" />
        <text x={side * 15} y={labelY} dy="0.32em" text-anchor={isRight ? "end" : "start"}>
          {labelBeside(id)}
        </text>
        <circle class="focus-ring" cy={y} r="13" />
      </g>
    </svg>
  );
};

const Chart = ({ points, baseline }: { readonly points: readonly CostPoint[]; readonly baseline: number | null }) => {
  const { x, y } = costAxes(points, baseline);
  const down = (share: number): number => height - (height * y.at(share)) / 100;
  const labels = spreadLabels(
    points.map(({ result }) => down(result.mean)),
    apart,
    height,
  );
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("why.costs")}>
      <div class="cost-chart">
        <svg class="cost-plot" height={height} role="group" aria-label={t("why.costs.chart")}>
          <g aria-hidden="true">
            {y.ticks.map((tick) => (
              <g key={tick}>
                <line class="grid" x1="0" x2="100%" y1={down(tick)} y2={down(tick)} />
                <text x="-8" y={down(tick)} dy="0.32em" text-anchor="end" class="tick">
                  {percentText(tick, y.ticks[1]! - y.ticks[0]! < 0.0099 ? 1 : 0)}
                </text>
              </g>
            ))}
            {x.ticks.map((tick) => (
              <text key={tick} x={percent(x.at(tick))} y={height + 20} text-anchor="middle" class="tick">
                {tickText(tick)}
              </text>
            ))}
            <text x="-8" y="-14" text-anchor="start" class="tick">
              {t("why.costs.y")}
            </text>
            <text x="50%" y={height + 42} text-anchor="middle" class="tick">
              {t("why.costs.x")}
            </text>
            {baseline !== null && (
              <>
                <line class="reference" x1="0" x2="100%" y1={down(baseline)} y2={down(baseline)} />
                <text x="25%" y={down(baseline) - 6} class="tick">
                  {t("why.costs.baseline")}
                </text>
              </>
            )}
          </g>
          {points.map((point, i) => {
            const { mean, standardError } = point.result;
            const error = ((standardError ?? 0) / (y.high - y.low)) * height;
            return (
              <Point key={point.id} {...{ point, error, x: x.at(point.seconds), y: down(mean), labelY: labels[i]! }} />
            );
          })}
        </svg>
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
