/** The method that the map shows. */
import { computed, signal } from "@preact/signals";
import { explainedMethods, type ExplainedFamily, type ExplainedMethod } from "../../content/methods.ts";

/** Families whose methods find or make images, in the order of the table. */
export const methodFamilies = [
  "unconditional",
  "prompt",
  "personalised",
  "retrieval",
] as const satisfies readonly ExplainedFamily[];

/** The methods of one family. */
export function methodsOf(family: ExplainedFamily): readonly ExplainedMethod[] {
  return explainedMethods.filter((method) => method.family === family);
}

/** Its id. */
export const chosenMethodId = signal<ExplainedMethod["id"]>("clip-prompts");

/** What is said of it. */
export const chosenMethod = computed(() => explainedMethods.find(({ id }) => id === chosenMethodId.value)!);
