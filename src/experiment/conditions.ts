/** The conditions of the study: what a classifier's training set is made of. */
import { ConfigError, MissingError } from "../errors.ts";

/** Families share a colour and a mark in every figure. */
export type Family = "real" | "more-real" | "unconditional" | "prompt" | "personalised" | "retrieval";

/** One row of the table. */
export interface Condition {
  /** As it is printed. */
  readonly label: string;
  readonly family: Family;
}

/** The conditions of the project itself, in the order that tables and figures show them. */
const builtIn = {
  "real-10": { label: "10 % real", family: "real" },
  boomerang: { label: "+ generated (Boomerang)", family: "unconditional" },
  "simple-prompt": { label: "+ generated (simple prompt)", family: "prompt" },
  "simple-prompt-nows": { label: "+ generated (simple prompt, no white space)", family: "prompt" },
  "clip-prompts": { label: "+ generated (CLIP prompts)", family: "prompt" },
  sariyildiz: { label: "+ generated (Sarıyıldız et al.)", family: "prompt" },
  "ft-conditioning": { label: "+ generated (FT conditioning)", family: "personalised" },
  "ft-cluster": { label: "+ generated (FT cluster conditioning)", family: "personalised" },
  imagic: { label: "+ generated (Imagic)", family: "personalised" },
  "textual-inversion": { label: "+ generated (textual inversion)", family: "personalised" },
  "pseudoword-dm": { label: "+ generated (pseudo-word and denoiser)", family: "personalised" },
  "da-fusion": { label: "+ generated (DA-Fusion)", family: "personalised" },
  retrieval: { label: "+ retrieved", family: "retrieval" },
  "retrieval-diverse": { label: "+ retrieved (diverse)", family: "retrieval" },
  "retrieve-and-generate": { label: "+ retrieved and generated", family: "retrieval" },
  "real-20": { label: "20 % real", family: "more-real" },
} as const satisfies Readonly<Record<string, Condition>>;

/** The name of a condition. */
export type ConditionId = keyof typeof builtIn;

/** Those and the ones that were added. */
const table = new Map<string, Condition>(Object.entries(builtIn));

/** The ids of all conditions, in order. Added ones count as `ConditionId` too. */
export function conditionIds(): readonly ConditionId[] {
  return [...table.keys()] as ConditionId[];
}

/** What a condition is called and belongs to. @throws MissingError when there is none of that id */
export function conditionOf(id: ConditionId): Condition {
  const found = table.get(id);
  if (!found) throw new MissingError("conditions", id);
  return found;
}

/** A condition's name; for a method that is not known here, as another's run may have one, its id. */
export function labelOf(id: string): string {
  return table.get(id)?.label ?? id;
}

/**
 * Adds the condition of a method that is not the project's own, before the bound.
 *
 * @throws ConfigError when the id is taken
 */
export function addCondition(id: string, condition: Condition): void {
  if (table.has(id)) throw new ConfigError(`condition ${id}`, "an id that is not taken", id);
  const bound = table.get("real-20")!;
  table.delete("real-20");
  table.set(id, condition).set("real-20", bound);
}

/** The question in its shortest form: what a spec runs when it names no conditions. */
export const mainConditions: readonly ConditionId[] = ["real-10", "clip-prompts", "retrieval", "real-20"];

/** The condition that every other one is compared with. */
export const referenceCondition: ConditionId = "retrieval";
