/** The same conditions in the shown run, in the recorded one and in the paper: side by side, never in one chart. */
import { conditionIds } from "../../../experiment/conditions.ts";
import type { ConditionResult } from "../../../experiment/record.ts";
import { isAdded } from "../../condition-look.ts";
import { paperGap, paperSetting, type PaperNumber } from "../../content/paper.ts";
import { kendallTau } from "../../kendall.ts";

/** A condition's score in each source; null where a source has none. */
export interface ComparedRow {
  readonly id: string;
  readonly shown: ConditionResult | null;
  readonly reference: ConditionResult | null;
  /** In per cent. */
  readonly paper: PaperNumber | null;
  /** The paper's gain over its 10 % real, in points; null for that itself. */
  readonly paperGain: number | null;
}

const paper = paperSetting("imagenet-10");

/** The paper's number of a condition; null where it has none. */
export function paperNumber(id: string): PaperNumber | null {
  return Object.entries(paper.byCondition).find(([known]) => known === id)?.[1] ?? null;
}

/** Every condition that any source has, in the order of the table, methods that the page does not know last. */
export function comparedRows(
  shown: readonly ConditionResult[],
  reference: readonly ConditionResult[] | null,
): ComparedRow[] {
  const own = [...shown, ...(reference ?? [])].map(({ id }) => id as string);
  const unknown = own.filter((id) => !(conditionIds() as readonly string[]).includes(id));
  const rows = [...conditionIds(), ...new Set(unknown)].map((id) => {
    const found = paperNumber(id);
    const gain = found === null || id === "real-10" ? null : (paperGap(found, paper.baseline)?.difference ?? null);
    return {
      id,
      shown: shown.find((result) => result.id === id) ?? null,
      reference: reference?.find((result) => result.id === id) ?? null,
      ...{ paper: found, paperGain: gain },
    };
  });
  return rows.filter((row) => row.shown ?? row.reference ?? row.paper);
}

/**
 * Kendall's tau of the paper's order with a run's means, over conditions with added images that both have.
 *
 * @returns null where they share fewer than two
 */
export function orderLikePaper(conditions: readonly ConditionResult[]): { tau: number; shared: number } | null {
  const shared = conditions.filter(({ id }) => isAdded(id) && paperNumber(id) !== null);
  if (shared.length < 2) return null;
  const order = shared.map(({ id }) => id).sort((a, b) => paperNumber(b)!.mean - paperNumber(a)!.mean);
  return { tau: kendallTau(order, new Map(shared.map(({ id, mean }) => [id, mean]))), shared: shared.length };
}
