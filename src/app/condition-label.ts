/** What conditions are called on the page. */
import { conditionIds, conditionOf } from "../experiment/conditions.ts";

/** A condition's name; for a method that this page does not know, as an opened run may have one, its id. */
export function conditionLabel(id: string): string {
  const known = conditionIds().find((condition) => condition === id);
  return known === undefined ? id : conditionOf(known).label;
}
