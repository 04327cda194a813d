import { lookOf } from "../../condition-look.ts";
import { numberText } from "../../format.ts";
import { ConditionName } from "../../parts/mark.tsx";
import type { ScalingPoint } from "../../runs/scaling.ts";
import { t } from "../../strings.ts";
import { nameInSentence, spokenLabel } from "../result/spoken-label.ts";
import { downOf, Plot, plotHeight, PlotMark } from "./plot.tsx";
import { spreadLabels } from "./cost-points.ts";
import { scalingAxes, scalingLines, type ScalingLine } from "./scaling-lines.ts";
import { ratioText, scoreText } from "./scaling-table.ts";

/** Pixels between labels. */
const apart = 18;

/** Where a value lies: per cent across, pixels down. */
interface Places {
  readonly across: (ratio: number) => number;
  readonly down: (share: number) => number;
}

/** Line and band, stretched to the plot's width. */
const Line = ({ line: { condition, points, hasBand }, across, down }: Places & { readonly line: ScalingLine }) => {
  const { fill } = lookOf(condition);
  const path = (of: readonly (readonly [number, number])[]): string =>
    `M${of.map(([ratio, share]) => `${across(ratio)},${down(share)}`).join("L")}`;
  const best = points.map(({ ratio, best: share }) => [ratio, share] as const);
  const worst = points.map(({ ratio, worst: share }) => [ratio, share] as const);
  return (
    <>
      {hasBand && <path d={`${path([...best, ...worst.reverse()])}Z`} fill={fill} class="scaling-band" />}
      <path d={path(points.map(({ ratio, mean }) => [ratio, mean] as const))} stroke={fill} class="scaling-line" />
    </>
  );
};

/** One mean with its standard error. */
const Point = ({ point, across, down }: Places & { readonly point: ScalingPoint }) => {
  const { condition, ratio, mean, standardError } = point;
  const y = down(mean);
  const words = t("why.scaling.mark", {
    ...{ name: spokenLabel(condition), ratio: ratioText(ratio), score: scoreText(point) },
  });
  const data = { "data-scaling": condition, "data-ratio": ratio, "data-mean": mean };
  return (
    <PlotMark {...{ id: condition, words, x: across(ratio), y, error: down(mean - (standardError ?? 0)) - y, data }} />
  );
};

/** Accuracy along the number of added images: a line a condition, its name at its end. */
export const ScalingChart = ({ points }: { readonly points: readonly ScalingPoint[] }) => {
  const { x, y } = scalingAxes(points);
  const places: Places = { across: x.at, down: downOf(y) };
  const lines = scalingLines(points);
  const ends = lines.map((line) => places.down(line.points.at(-1)!.mean));
  const labels = spreadLabels(ends, apart, plotHeight);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("why.scaling")}>
      <ul class="scaling-legend">
        {lines.map(({ condition }) => (
          <li key={condition}>
            <ConditionName id={condition} />
          </li>
        ))}
      </ul>
      <div class="cost-chart scaling-chart">
        <Plot
          label={t("why.scaling.caption")}
          xName={t("why.scaling.x")}
          tickText={(tick) => numberText(tick, Number.isInteger(tick) ? 0 : 1)}
          {...{ x, y }}
        >
          <g aria-hidden="true">
            <svg width="100%" height={plotHeight} viewBox={`0 0 100 ${plotHeight}`} preserveAspectRatio="none">
              {lines.map((line) => (
                <Line key={line.condition} line={line} {...places} />
              ))}
            </svg>
            {lines.map(({ condition }, i) => (
              <svg key={condition} x={`${x.at(x.high)}%`} overflow="visible" class="cost-point scaling-end">
                <text x="16" y={labels[i]} dy="0.32em">
                  {nameInSentence(condition)}
                </text>
              </svg>
            ))}
          </g>
          {points.map((point) => (
            <Point key={`${point.condition} ${point.ratio}`} point={point} {...places} />
          ))}
        </Plot>
      </div>
    </div>
  );
};
