import { conditionOf, type ConditionId } from "../../experiment/conditions.ts";
import { looks } from "../../experiment/palette.ts";

/** A condition's family as shape and colour, for beside its name. @param size pixels a side */
export const Mark = ({ id, size = 16 }: { readonly id: string; readonly size?: number }) => {
  const { fill, mark } = looks[conditionOf(id as ConditionId).family];
  return (
    <svg class="mark" width={size} height={size} viewBox="-9 -9 18 18" aria-hidden="true">
      <path d={mark} fill={fill} stroke="currentColor" stroke-width="1.5" />
    </svg>
  );
};

/** A condition's mark and name. */
export const ConditionName = ({ id }: { readonly id: string }) => (
  <span class="condition-name">
    <Mark id={id} />
    {conditionOf(id as ConditionId).label}
  </span>
);
