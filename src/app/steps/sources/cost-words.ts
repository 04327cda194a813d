/** What a method costs, in words. */
import type { ExplainedMethod } from "../../content/methods.ts";
import { numberText } from "../../format.ts";

/**
 * Why a method costs what it does, with the rounds that a run allows it.
 *
 * @param spec the run's; where it says nothing of the method, the recipe's rounds stand there
 */
export function costReason(
  { id, relativeCost: { rounds, reason } }: Pick<ExplainedMethod, "id" | "relativeCost">,
  spec: unknown,
): string {
  if (rounds === undefined) return reason;
  const { methods } = spec as { readonly methods?: Readonly<Record<string, { readonly maxEpochs?: number }>> };
  return reason.replace("{rounds}", numberText(methods?.[id]?.maxEpochs ?? rounds));
}
