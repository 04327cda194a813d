/** A sweep along the number of added images as a table. */
import { conditionLabel } from "../../condition-label.ts";
import { numberText, percentText } from "../../format.ts";
import type { TableText } from "../../parts/with-table.tsx";
import type { ScalingPoint } from "../../runs/scaling.ts";
import { t } from "../../strings.ts";

/** A number of added images over that of the real ones: "0.5×". */
export function ratioText(ratio: number): string {
  return t("why.scaling.times", { ratio: numberText(ratio, Number.isInteger(ratio) ? 0 : 1) });
}

/** A mean in per cent with its standard error. */
export function scoreText({ mean, standardError }: ScalingPoint): string {
  return `${percentText(mean)}${standardError === null ? "" : ` ± ${percentText(standardError)}`}`;
}

/** A row a number of added images, a column a condition. */
export function scalingTable(points: readonly ScalingPoint[]): TableText {
  const ratios = [...new Set(points.map(({ ratio }) => ratio))].sort((a, b) => a - b);
  const conditions = [...new Set(points.map(({ condition }) => condition))];
  const at = (ratio: number, condition: string): string => {
    const point = points.find((one) => one.ratio === ratio && one.condition === condition);
    return point ? scoreText(point) : t("why.none");
  };
  const leftOut = (ratio: number) => points.find((one) => one.ratio === ratio)!.classesLeftOut;
  return {
    head: [t("why.scaling.ratio"), ...conditions.map(conditionLabel), t("why.scaling.left-out")],
    rows: ratios.map((ratio) => [
      ratioText(ratio),
      ...conditions.map((condition) => at(ratio, condition)),
      numberText(leftOut(ratio)),
    ]),
  };
}
