import type { Axis } from "../../../experiment/axis.ts";
import { numberText, percentText } from "../../format.ts";
import type { Curve } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { keptPoint, meanPoints, pathOf, pointsOf, type CurveAxes, type Measure } from "./curves.ts";

/** What a panel is drawn of; the one of validation accuracy has the training pictures' beside it. */
type Panel = Exclude<Measure, "trainAccuracy">;

const tickText = (measure: Panel, tick: number): string =>
  measure === "loss" ? numberText(tick, Number.isInteger(tick) ? 0 : 1) : percentText(tick, 0);

/** Rules at the ticks of the y axis. */
const Rules = ({ axis }: { readonly axis: Axis }) => (
  <path class="rules" d={axis.ticks.map((tick) => `M0,${100 - axis.at(tick)}h100`).join("")} />
);

/** The epochs that were kept: dots that no stretching of the drawing changes. */
const KeptMarks = ({
  sets,
  measure,
  axes,
}: {
  readonly sets: readonly Curve[];
  readonly measure: Measure;
  readonly axes: CurveAxes;
}) => {
  const dots = sets
    .flatMap((curve) => keptPoint(curve, measure) ?? [])
    .map((point) => `${pathOf([point], axes.epoch, axes[measure])}h0`)
    .join("");
  return (
    <>
      <path class="kept-outline" d={dots} />
      <path class="kept-dot" d={dots} />
    </>
  );
};

/**
 * One measure over the epochs: a thin line for each set, a thick one for their mean, a dot where an epoch was kept; with the
 * validation accuracy a dashed line, the mean accuracy on the pictures that were learned from.
 */
export const LinePanel = ({
  sets,
  measure,
  axes,
}: {
  readonly sets: readonly Curve[];
  readonly measure: Panel;
  readonly axes: CurveAxes;
}) => {
  const path = (points: Parameters<typeof pathOf>[0]): string => pathOf(points, axes.epoch, axes[measure]);
  const mean = path(meanPoints(sets, measure));
  const learned = measure === "validationAccuracy" ? path(meanPoints(sets, "trainAccuracy")) : "";
  return (
    <div class="line-panel" aria-hidden="true">
      <span class="panel-title">{t(`train.${measure}`)}</span>
      <div class="panel-frame">
        <svg viewBox="0 0 100 100" preserveAspectRatio="none">
          <Rules axis={axes[measure]} />
          {learned !== "" && <path class="learned-line" d={learned} />}
          {sets.map((curve) => (
            <path class="set-line" key={curve.set} d={path(pointsOf(curve, measure))} />
          ))}
          {sets.length > 1 && (
            <>
              <path class="mean-outline" d={mean} />
              <path class="mean-line" d={mean} />
            </>
          )}
          <KeptMarks {...{ sets, measure, axes }} />
        </svg>
        {axes[measure].ticks.map((tick) => (
          <span class="tick-y" key={tick} style={{ bottom: `${axes[measure].at(tick)}%` }}>
            {tickText(measure, tick)}
          </span>
        ))}
        {axes.epoch.ticks.map((tick) => (
          <span class="tick-x" key={tick} style={{ left: `${axes.epoch.at(tick)}%` }}>
            {numberText(tick)}
          </span>
        ))}
      </div>
    </div>
  );
};
