import type { ComponentChildren } from "preact";
import type { Axis } from "../../../experiment/axis.ts";
import { lookOf } from "../../condition-look.ts";
import { percentText } from "../../format.ts";
import { t } from "../../strings.ts";

/** Pixels of a plot's height. */
export const plotHeight = 320;

/** Pixels from a plot's top for a share on its axis. */
export const downOf =
  (y: Axis) =>
  (share: number): number =>
    plotHeight - (plotHeight * y.at(share)) / 100;

/** A plot of accuracies: rules and ticks, the axes' names, and what is drawn over them. */
export const Plot = ({
  label,
  x,
  y,
  xName,
  tickText,
  children,
}: {
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly x: Axis;
  /** Of shares. */
  readonly y: Axis;
  readonly xName: string;
  /** A tick of the x axis in words. */
  readonly tickText: (tick: number) => string;
  readonly children: ComponentChildren;
}) => {
  const down = downOf(y);
  return (
    <svg class="cost-plot" height={plotHeight} role="group" aria-label={label}>
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
          <text key={tick} x={`${x.at(tick)}%`} y={plotHeight + 20} text-anchor="middle" class="tick">
            {tickText(tick)}
          </text>
        ))}
        <text x="-8" y="-14" text-anchor="start" class="tick">
          {t("why.costs.y")}
        </text>
        <text x="50%" y={plotHeight + 42} text-anchor="middle" class="tick">
          {xName}
        </text>
      </g>
      {children}
    </svg>
  );
};

/** A condition's mean with its standard error, as one thing to focus. */
export const PlotMark = ({
  id,
  words,
  x,
  y,
  error,
  data,
}: {
  readonly id: string;
  /** What it says when it is focused. */
  readonly words: string;
  /** Per cent across; pixels down. */
  readonly x: number;
  readonly y: number;
  /** Pixels of a standard error. */
  readonly error: number;
  /** Attributes `data-…` of the mark. */
  readonly data: Readonly<Record<`data-${string}`, string | number>>;
}) => {
  const { fill, mark } = lookOf(id);
  return (
    <svg x={`${x}%`} overflow="visible" class="cost-point">
      <g tabindex={0} role="img" aria-label={words} {...data}>
        <title>{words}</title>
        <path d={`M0,${y - error}V${y + error}`} class="whisker" />
        <path d={mark} transform={`translate(0 ${y})`} fill={fill} class="point" />
        <circle class="focus-ring" cy={y} r="13" />
      </g>
    </svg>
  );
};
