import { lookOf } from "../../condition-look.ts";
import { numberText, percentText } from "../../format.ts";
import { ConditionName } from "../../parts/mark.tsx";
import type { ScalingPoint } from "../../runs/scaling.ts";
import { t } from "../../strings.ts";
import { nameInSentence, spokenLabel } from "../result/spoken-label.ts";
import { spreadLabels } from "./cost-points.ts";
import { scalingAxes, scalingLines, type ScalingLine } from "./scaling-lines.ts";
import { ratioText, scoreText } from "./scaling-table.ts";

/** Pixels of the plot, and between labels. */
const height = 320;
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

/** One mean with its standard error, as one thing to focus. */
const Point = ({ point, across, down }: Places & { readonly point: ScalingPoint }) => {
  const { condition, ratio, mean, standardError } = point;
  const { fill, mark } = lookOf(condition);
  const y = down(mean);
  const error = down(mean - (standardError ?? 0)) - y;
  const words = t("why.scaling.mark", {
    ...{ name: spokenLabel(condition), ratio: ratioText(ratio), score: scoreText(point) },
  });
  return (
    <svg x={`${across(ratio)}%`} overflow="visible" class="cost-point">
      <g tabindex={0} role="img" aria-label={words} data-scaling={condition} data-ratio={ratio} data-mean={mean}>
        <title>{words}</title>
        <path d={`M0,${y - error}V${y + error}`} class="whisker" />
        <path d={mark} transform={`translate(0 ${y})`} fill={fill} class="point" />
        <circle class="focus-ring" cy={y} r="13" />
      </g>
    </svg>
  );
};

/** Accuracy along the number of added images: a line a condition, its name at its end. */
export const ScalingChart = ({ points }: { readonly points: readonly ScalingPoint[] }) => {
  const { x, y } = scalingAxes(points);
  const places: Places = { across: x.at, down: (share) => height - (height * y.at(share)) / 100 };
  const lines = scalingLines(points);
  const ends = lines.map((line) => places.down(line.points.at(-1)!.mean));
  const labels = spreadLabels(ends, apart, height);
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
        <svg class="cost-plot" height={height} role="group" aria-label={t("why.scaling.caption")}>
          <g aria-hidden="true">
            {y.ticks.map((tick) => (
              <g key={tick}>
                <line class="grid" x1="0" x2="100%" y1={places.down(tick)} y2={places.down(tick)} />
                <text x="-8" y={places.down(tick)} dy="0.32em" text-anchor="end" class="tick">
                  {percentText(tick, y.ticks[1]! - y.ticks[0]! < 0.0099 ? 1 : 0)}
                </text>
              </g>
            ))}
            {x.ticks.map((tick) => (
              <text key={tick} x={`${x.at(tick)}%`} y={height + 20} text-anchor="middle" class="tick">
                {numberText(tick, Number.isInteger(tick) ? 0 : 1)}
              </text>
            ))}
            <text x="-8" y="-14" text-anchor="start" class="tick">
              {t("why.costs.y")}
            </text>
            <text x="50%" y={height + 42} text-anchor="middle" class="tick">
              {t("why.scaling.x")}
            </text>
            <svg width="100%" height={height} viewBox={`0 0 100 ${height}`} preserveAspectRatio="none">
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
        </svg>
      </div>
    </div>
  );
};
