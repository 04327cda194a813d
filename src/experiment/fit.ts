/** Whether a run can be made of a world: asked before anything of it is written. */
import type { Dataset } from "../data/dataset.ts";
import { ConfigError } from "../errors.ts";
import type { Method } from "../methods/method.ts";
import { chooseClasses } from "./run-data.ts";
import type { Spec } from "./spec.ts";

/**
 * Requires classes that a classifier can tell apart, and what the spec's methods need of each.
 *
 * @param methods by id
 * @throws ConfigError, MissingError
 */
export function requireFit(spec: Spec, dataset: Dataset, methods: Readonly<Record<string, Method>>): void {
  const { classes } = chooseClasses(dataset, spec);
  if (classes.length < 2) throw new ConfigError("classes", "2 or more, to be told apart", String(classes.length));
  for (const id of spec.conditions) for (const of of classes) methods[id]?.requireClass?.(of);
}
