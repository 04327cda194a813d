import { conditionLabel } from "../../condition-label.ts";

/** A condition's name as it stands in a sentence: "+ retrieved" is "Retrieved". */
export function spokenLabel(id: string): string {
  const label = conditionLabel(id).replace(/^\+ /, "");
  return label.charAt(0).toUpperCase() + label.slice(1);
}
