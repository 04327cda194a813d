/** What conditions are called on the page. */
import { labelOf } from "../experiment/conditions.ts";

export { labelOf as conditionLabel };

/** A method's own name, without what stands beside it already: "CLIP prompts" of "+ generated (CLIP prompts)". */
export function methodLabel(id: string): string {
  return labelOf(id)
    .replace(/^\+ /, "")
    .replace(/^generated \((.+)\)$/, "$1");
}
