import { conditionLabel } from "../../condition-label.ts";

/** A condition's name within a sentence: "+ retrieved" is "retrieved". */
export function nameInSentence(id: string): string {
  return conditionLabel(id).replace(/^\+ /, "");
}

/** A condition's name as a sentence begins with it: "+ retrieved" is "Retrieved". */
export function spokenLabel(id: string): string {
  const label = nameInSentence(id);
  return label.charAt(0).toUpperCase() + label.slice(1);
}
