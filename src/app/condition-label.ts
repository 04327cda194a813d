/** What conditions are called on the page. */
import { labelOf } from "../experiment/conditions.ts";

export { labelOf as conditionLabel };

/** Without what a lane's heading says already: "CLIP prompts" of "+ generated (CLIP prompts)". */
export function laneLabel(id: string): string {
  return labelOf(id).replace(/^\+ generated \((.+)\)$/, "$1");
}
