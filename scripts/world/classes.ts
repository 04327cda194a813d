import { z } from "zod";
import document from "./classes.json";
import type { Concept } from "./concepts.ts";

const ruleSchema = z.strictObject({
  key: z.string(),
  name: z.string(),
  hypernym: z.string().optional(),
  sub: z.array(z.string()).optional(),
  add: z.array(z.string()).optional(),
  del: z.array(z.string()).optional(),
  cap: z.number().optional(),
});

/** Which concepts make up a target class. */
export interface ClassRule {
  readonly key: string;
  /** Comma-joined lemmas, for prompts. */
  readonly name: string;
  /** What captions may call the members, or "" where their Unicode subgroup says it. */
  readonly hypernym: string;
  /** Unicode subgroups that belong as a whole. */
  readonly subgroups: ReadonlySet<string>;
  /** Labels that belong besides. */
  readonly added: ReadonlySet<string>;
  /** Labels that don't belong all the same. */
  readonly excluded: ReadonlySet<string>;
  /** Most target icons kept. */
  readonly cap: number;
}

const labels = (list: readonly string[] | undefined): Set<string> =>
  new Set(list?.map((label) => label.replaceAll("’", "'")));

/** The 24 classes of the mini world, in the order of their indices. */
export const classRules: readonly ClassRule[] = z
  .array(ruleSchema)
  .parse(document.classes)
  .map((rule) => ({
    key: rule.key,
    name: rule.name,
    hypernym: rule.hypernym ?? "",
    subgroups: new Set(rule.sub),
    added: labels(rule.add),
    excluded: labels(rule.del),
    cap: rule.cap ?? Number.POSITIVE_INFINITY,
  }));

/** The class that a concept belongs to, or null: the first rule that takes it. */
export const classOf = (concept: Concept, rules: readonly ClassRule[] = classRules): ClassRule | null =>
  rules.find(
    ({ subgroups, added, excluded }) =>
      !excluded.has(concept.label) && (added.has(concept.label) || subgroups.has(concept.subgroup)),
  ) ?? null;
