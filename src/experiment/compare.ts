/** Two runs held against each other: what their specs and results differ in. */
import type { ConditionId } from "./conditions.ts";
import type { ConditionResult, Results } from "./record.ts";
import { canonicalJson } from "./spec.ts";
import { standardError } from "./statistics.ts";

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
  /**
   * Whether classifier i of one run has the seed of classifier i of the other, for every i: their specs have one seed, and
   * both trained as many.
   */
  readonly paired: boolean;
  /** Of the difference: over the pairs where they are paired, else √(SE² + SE²); null where there are too few classifiers. */
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
  /** Whether they are of one world, and search as much of its pool. */
  readonly sameWorld: boolean;
  readonly samePool: boolean;
  /** Whether classes are the same, in any order: otherwise the questions are not. */
  readonly sameClasses: boolean;
  readonly sameAdapter: boolean;
  readonly conditions: readonly ConditionComparison[];
}

/** The world's own hash; where a run takes a part of the pool, more follows it. */
const worldOf = ({ world }: Results): string => world.hash.split(" ")[0]!;

/** Compares two runs; conditions in the first one's order, then what only the second has. */
export function compareResults(first: Results, second: Results): Comparison {
  const ids = [...new Set([...first.conditions, ...second.conditions].map(({ id }) => id))];
  const haveOneSeed = seedOf(first) !== undefined && seedOf(first) === seedOf(second);
  return {
    spec: differences(first.spec, second.spec),
    sameWorld: worldOf(first) === worldOf(second),
    samePool: first.world.hash === second.world.hash,
    sameClasses: [...first.classes].sort().join("\n") === [...second.classes].sort().join("\n"),
    sameAdapter: first.adapter === second.adapter,
    conditions: ids.map((id) => compareCondition(id, resultOf(first, id), resultOf(second, id), haveOneSeed)),
  };
}

function compareCondition(
  id: ConditionId,
  a: ConditionResult | undefined,
  b: ConditionResult | undefined,
  haveOneSeed: boolean,
): ConditionComparison {
  const of = { id, first: scoreOf(a), second: scoreOf(b) };
  if (!a || !b) return { ...of, difference: null, paired: false, standardError: null };
  const paired = haveOneSeed && a.n === b.n;
  return { ...of, difference: b.mean - a.mean, paired, standardError: errorOf(a, b, paired) };
}

function errorOf(a: ConditionResult, b: ConditionResult, paired: boolean): number | null {
  if (a.standardError === null || b.standardError === null) return null;
  if (!paired) return Math.hypot(a.standardError, b.standardError);
  return standardError(b.accuracy.map((value, i) => value - a.accuracy[i]!));
}

const seedOf = ({ spec }: Results): unknown => (isRecord(spec) ? spec["seed"] : undefined);

const resultOf = ({ conditions }: Results, wanted: ConditionId): ConditionResult | undefined =>
  conditions.find(({ id }) => id === wanted);

const scoreOf = (found: ConditionResult | undefined): Score | null =>
  found ? { mean: found.mean, standardError: found.standardError, n: found.n } : null;
