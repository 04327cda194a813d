import type { ExplainedMethod } from "../../content/methods.ts";
import { t } from "../../strings.ts";

/** What a method costs by its recipe: five steps, of which some are filled, and the last one in words. */
export const CostBar = ({ method }: { readonly method: ExplainedMethod }) => {
  const { rank } = method.relativeCost;
  const words = t(`sources.cost.${rank}`);
  return (
    <span class="cost" role="img" aria-label={t("sources.cost.label", { rank: String(rank), words })} data-cost={rank}>
      <span class="cost-steps" aria-hidden="true">
        {[1, 2, 3, 4, 5].map((step) => (
          <span key={step} class={step <= rank ? "filled" : ""} />
        ))}
      </span>
      <span aria-hidden="true">{words}</span>
    </span>
  );
};
