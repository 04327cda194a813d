/** The steps from asked to kept, as a funnel shows them. */

/** One of them. */
export interface FunnelStep {
  /** As the results have it, or `surplus`. */
  readonly key: string;
  /** `loss`: images that were left out there; `rounds`: no images but searches. */
  readonly kind: "count" | "loss" | "rounds";
  readonly count: number;
}

/** Keys of images that were left out, and why. */
const losses: readonly string[] = ["duplicates", "blocked", "unsafe", "aesthetics"];

/**
 * A funnel's steps in their order, what was kept at the end. Where images were found, those that are neither lost nor kept are a
 * step of their own: more were found than were needed.
 */
export function funnelSteps(funnel: Readonly<Record<string, number>>): readonly FunnelStep[] {
  const { kept, ...before } = funnel;
  const steps = Object.entries(before).map(([key, count]): FunnelStep => {
    return { key, kind: key === "rounds" ? "rounds" : losses.includes(key) ? "loss" : "count", count };
  });
  const surplus = surplusOf(funnel);
  if (surplus > 0) {
    const last = steps.findLastIndex(({ kind }) => kind === "loss");
    const at = last < 0 ? steps.findIndex(({ key }) => key === "found") : last;
    steps.splice(at + 1, 0, { key: "surplus", kind: "loss", count: surplus });
  }
  return kept === undefined ? steps : [...steps, { key: "kept", kind: "count", count: kept }];
}

function surplusOf(funnel: Readonly<Record<string, number>>): number {
  const { found, retrieved = funnel["kept"] } = funnel;
  if (found === undefined || retrieved === undefined) return 0;
  return found - retrieved - losses.reduce((sum, key) => sum + (funnel[key] ?? 0), 0);
}
