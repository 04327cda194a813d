import type { ComponentChildren } from "preact";
import type { Curve } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { axesOf, byCondition, pointsOf } from "./curves.ts";
import { Multiple } from "./multiple.tsx";

/** How to read the drawings, once for all of them. */
const Legend = ({ hasLearned }: { readonly hasLearned: boolean }) => (
  <ul class="curve-legend">
    {(["set", "mean", "kept", ...(hasLearned ? (["learned"] as const) : [])] as const).map((kind) => (
      <li key={kind}>
        <svg viewBox="0 0 32 12" width="32" height="12" aria-hidden="true">
          {kind === "set" && <path class="set-line" d="M1,6H31" />}
          {kind === "mean" && <path class="mean-outline" d="M1,6H31" />}
          {kind === "learned" && <path class="learned-line" d="M1,6H31" />}
          {kind === "kept" && <path class="kept-outline" d="M16,6h0" />}
        </svg>{" "}
        {t(`train.legend.${kind}`)}
      </li>
    ))}
  </ul>
);

/** A drawing for each condition, all with the same axes. @param tag of the run */
export const Multiples = ({
  curves,
  ids,
  tag,
}: {
  readonly curves: readonly Curve[];
  /** Conditions, in the order of the page. */
  readonly ids: readonly string[];
  readonly tag: ComponentChildren;
}) => {
  const axes = axesOf(curves);
  return (
    <section>
      <h2>
        {t("train.curves")} {tag}
      </h2>
      <Legend hasLearned={curves.some((curve) => pointsOf(curve, "trainAccuracy").length > 0)} />
      <div class="multiples">
        {byCondition(curves, ids).map((one) => (
          <Multiple key={one.id} curves={one} axes={axes} />
        ))}
      </div>
    </section>
  );
};
