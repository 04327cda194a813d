/** How conditions look on the page. */
import { conditionIds, conditionOf } from "../experiment/conditions.ts";
import { looks, type Look } from "../experiment/palette.ts";

/** For a method that this page does not know, as an opened run may have one: a grey hexagon. */
const unknown: Look = { fill: "#999999", mark: "M-6.5,0L-3.3,-5.7H3.3L6.5,0L3.3,5.7H-3.3Z", hatched: false };

/** Colour and mark of a condition's family. */
export function lookOf(id: string): Look {
  const known = conditionIds().find((condition) => condition === id);
  return known === undefined ? unknown : looks[conditionOf(known).family];
}

/** Whether a condition adds images: all but the two of real pictures alone. */
export function isAdded(id: string): boolean {
  const known = conditionIds().find((condition) => condition === id);
  return known === undefined || !["real", "more-real"].includes(conditionOf(known).family);
}
