import { conditionLabel } from "../condition-label.ts";
import { lookOf } from "../condition-look.ts";

/** A condition's family as shape and colour, for beside its name. @param size pixels a side */
export const Mark = ({ id, size = 16 }: { readonly id: string; readonly size?: number }) => {
  const { fill, mark } = lookOf(id);
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
    {conditionLabel(id)}
  </span>
);
