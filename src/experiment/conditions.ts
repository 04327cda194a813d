/** The conditions of the study: what a classifier's training set is made of. */

/** Families share a colour and a mark in every figure. */
export type Family = "real" | "more-real" | "unconditional" | "prompt" | "personalised" | "retrieval";

/** One row of the table. */
export interface Condition {
  /** As it is printed. */
  readonly label: string;
  readonly family: Family;
}

/** Every condition that a run can have, by id, in the order that tables and figures show them. */
export const conditions = {
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
export type ConditionId = keyof typeof conditions;

/** The ids of all conditions, in order. */
export const conditionIds = Object.keys(conditions) as ConditionId[];

/** The question in its shortest form: what a spec runs when it names no conditions. */
export const mainConditions: readonly ConditionId[] = ["real-10", "clip-prompts", "retrieval", "real-20"];

/** The condition that every other one is compared with. */
export const referenceCondition: ConditionId = "retrieval";
