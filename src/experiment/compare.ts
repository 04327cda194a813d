/** Two runs held against each other: what their specs and results differ in. */
import type { ConditionId } from "./conditions.ts";
import type { Results } from "./record.ts";
import { canonicalJson } from "./spec.ts";

/** A field that two specs have different values for. */
export interface SpecDifference {
  /** Such as `train.rate`. */
  readonly path: string;
  readonly first: unknown;
  readonly second: unknown;
}

/** The leaves in which two values of plain JSON differ; lists are compared whole. */
export function differences(first: unknown, second: unknown, path = ""): SpecDifference[] {
  if (canonicalJson(first) === canonicalJson(second)) return [];
  if (!isRecord(first) || !isRecord(second)) return [{ path, first, second }];
  const keys = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return keys.flatMap((key) => differences(first[key], second[key], path === "" ? key : `${path}.${key}`));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A condition in two runs. */
export interface ConditionComparison {
  readonly id: ConditionId;
  readonly first: Score | null;
  readonly second: Score | null;
  /** Second mean minus first; null where one is missing. */
  readonly difference: number | null;
  /** √(SE² + SE²): the runs share no seeds that would pair them; null where an error is missing. */
  readonly standardError: number | null;
}

interface Score {
  readonly mean: number;
  readonly standardError: number | null;
  readonly n: number;
}

/** How two runs differ. */
export interface Comparison {
  readonly spec: readonly SpecDifference[];
  readonly sameWorld: boolean;
  readonly sameAdapter: boolean;
  readonly conditions: readonly ConditionComparison[];
}

/** Compares two runs; conditions in the first one's order, then what only the second has. */
export function compareResults(first: Results, second: Results): Comparison {
  const ids = [...new Set([...first.conditions, ...second.conditions].map(({ id }) => id))];
  return {
    spec: differences(first.spec, second.spec),
    sameWorld: first.world.hash === second.world.hash,
    sameAdapter: first.adapter === second.adapter,
    conditions: ids.map((id) => {
      const [a, b] = [scoreOf(first, id), scoreOf(second, id)];
      const errors = a && b && a.standardError !== null && b.standardError !== null;
      return {
        ...{ id, first: a, second: b },
        difference: a && b ? b.mean - a.mean : null,
        standardError: errors ? Math.hypot(a.standardError, b.standardError) : null,
      };
    }),
  };
}

function scoreOf({ conditions }: Results, wanted: ConditionId): Score | null {
  const found = conditions.find(({ id }) => id === wanted);
  return found ? { mean: found.mean, standardError: found.standardError, n: found.n } : null;
}
