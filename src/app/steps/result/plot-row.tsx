import type { ConditionResult } from "../../../experiment/record.ts";
import type { Axis } from "../../../experiment/axis.ts";
import { lookOf } from "../../condition-look.ts";
import { numberText, percentText } from "../../format.ts";
import { t } from "../../strings.ts";
import type { Drawing } from "./choices.ts";
import { intervalOf, type IntervalKind } from "./intervals.ts";
import { spokenLabel } from "./spoken-label.ts";

/** How a row is drawn. */
export interface RowLook {
  readonly axis: Axis;
  readonly drawing: Drawing;
  readonly kind: IntervalKind;
  /** Retrieval's mean; null without it. */
  readonly reference: number | null;
}

/** A mark in words: "Retrieved, 46.1 percent, standard error 0.4, n 5, 4.9 above 10 % real". */
export function markText({ id, mean, standardError: se, n }: ConditionResult, real: number | null): string {
  const gain = real === null || id === "real-10" ? null : mean - real;
  const points = percentText(Math.abs(gain ?? 0));
  return t("result.mark", {
    ...{ name: spokenLabel(id), mean: percentText(mean), n: numberText(n) },
    se: se === null ? "" : t("result.mark.se", { se: percentText(se) }),
    real: gain === null ? "" : t(gain < 0 ? "result.mark.below" : "result.mark.above", { points }),
  });
}

const percent = (value: number): string => `${value}%`;
const kept = (value: number): number => Math.min(100, Math.max(0, value));

/** A shape at a place of the row. */
const At = ({ x, path, ...rest }: { readonly x: number; readonly path: string; readonly fill?: string }) => (
  <svg x={percent(x)} y="50%" overflow="visible">
    <path d={path} {...rest} />
  </svg>
);

/** The interval: a line with caps, or with an arrow where it leaves the axis. */
const Whisker = ({ low, high }: { readonly low: number; readonly high: number }) => {
  const [left, right] = [kept(low), kept(high)];
  const cap = (x: number) => <line x1={percent(x)} x2={percent(x)} y1="38%" y2="62%" />;
  return (
    <g class="whisker">
      <line x1={percent(left)} x2={percent(right)} y1="50%" y2="50%" />
      {low < left ? <At x={0} path="M-8,0L1,-5V5Z" fill="currentColor" /> : cap(left)}
      {high > right ? <At x={100} path="M8,0L-1,-5V5Z" fill="currentColor" /> : cap(right)}
    </g>
  );
};

const Bar = ({ id, to }: { readonly id: string; readonly to: number }) => {
  const { fill, hatched } = lookOf(id);
  const box = { x: 0, y: "22%", width: percent(to), height: "56%" } as const;
  return (
    <>
      <rect {...box} fill={fill} class="bar" />
      {hatched && <rect {...box} fill="url(#result-hatch)" class="bar" />}
    </>
  );
};

const Dot = ({ id, x }: { readonly id: string; readonly x: number }) => {
  const { fill, mark, hatched } = lookOf(id);
  return (
    <g class="dot">
      <At x={x} path={mark} fill={fill} />
      {hatched && <At x={x} path={mark} fill="url(#result-hatch)" />}
    </g>
  );
};

/** Stripes over a fill, for the bound; defined once for the chart. */
export const Hatch = () => (
  <svg class="for-ears" aria-hidden="true">
    <pattern id="result-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line x1="0" x2="0" y1="0" y2="5" class="hatch" />
    </pattern>
  </svg>
);

/** Lines of the axis behind a row. */
const Grid = ({ axis, reference }: Pick<RowLook, "axis" | "reference">) => (
  <g aria-hidden="true">
    {axis.ticks.map((tick) => (
      <line key={tick} class="grid" x1={percent(axis.at(tick))} x2={percent(axis.at(tick))} y1="0" y2="100%" />
    ))}
    {reference !== null && (
      <line class="reference" x1={percent(axis.at(reference))} x2={percent(axis.at(reference))} y1="0" y2="100%" />
    )}
  </g>
);

/** A condition's mark and what is around it, as one thing to focus. @param real mean of 10 % real; null without it */
export const PlotRow = ({
  result,
  real,
  look: { axis, drawing, kind, reference },
}: {
  readonly result: ConditionResult;
  readonly real: number | null;
  readonly look: RowLook;
}) => {
  const { low, high } = intervalOf(result, kind);
  const x = axis.at(result.mean);
  const words = markText(result, real);
  return (
    <div class="result-plot">
      <svg>
        <Grid axis={axis} reference={reference} />
        <g tabindex={0} role="img" aria-label={words} class="result-mark">
          <title>{words}</title>
          {drawing === "bars" && <Bar id={result.id} to={kept(x)} />}
          {kind === "seeds" ? (
            <g class="seeds">
              {result.accuracy.map((value, set) => (
                <circle key={set} cx={percent(axis.at(value))} cy="50%" r="4.5" />
              ))}
            </g>
          ) : (
            low < high && <Whisker low={axis.at(low)} high={axis.at(high)} />
          )}
          {drawing === "dots" && <Dot id={result.id} x={x} />}
          <circle class="focus-ring" cx={percent(x)} cy="50%" r="13" />
        </g>
      </svg>
    </div>
  );
};

/** The axis below the rows. */
export const PlotAxis = ({ axis }: { readonly axis: Axis }) => (
  <svg class="result-axis" aria-hidden="true">
    {axis.ticks.map((tick) => (
      <text key={tick} x={percent(axis.at(tick))} y="1.1em" text-anchor="middle">
        {numberText(100 * tick, (axis.ticks[1]! - axis.ticks[0]!) * 100 < 0.99 ? 1 : 0)}
      </text>
    ))}
  </svg>
);
