/** The runs that a page can show, as a table lists them. */
import type { KeptRun } from "../../../../workers/lab-api.ts";
import type { Results } from "../../../experiment/record.ts";
import type { SpecInput } from "../../../experiment/spec.ts";
import type { RunSource } from "../../runs/run-view.ts";

/** One run. */
export interface RunEntry {
  /** Unique in the table: a run may be both recorded and kept. */
  readonly key: string;
  readonly id: string;
  readonly kind: RunSource["kind"];
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Ids; null where nobody knows them. */
  readonly conditions: readonly string[] | null;
  /** Classifiers a condition; null where nobody knows. */
  readonly n: number | null;
  readonly state: "done" | "unfinished";
  /** What an unfinished run was asked for, so that it can go on. */
  readonly spec: SpecInput | null;
}

const ofResults = ({ name, startedAt, conditions }: Results) => ({
  ...({ name, startedAt, state: "done", spec: null } as const),
  conditions: conditions.map(({ id }) => id),
  n: Math.max(0, ...conditions.map(({ n }) => n)),
});

/** A run that comes with the page. */
export function recordedEntry(id: string, results: Results): RunEntry {
  return { key: `recorded/${id}`, id, kind: "recorded", ...ofResults(results) };
}

/**
 * A run that this browser keeps.
 *
 * @param spec that it was given, where that is known
 */
export function keptEntry({ id, state, results }: KeptRun, kind: "live" | "opened", spec: SpecInput | null): RunEntry {
  const of = { key: `kept/${id}`, id, kind };
  if (results !== null) return { ...of, ...ofResults(results) };
  return {
    ...of,
    ...{ name: spec?.name ?? id, startedAt: state.startedAt, state: "unfinished", spec },
    conditions: spec?.conditions ?? null,
    n: spec?.sets?.n ?? null,
  };
}

/** The newest first. */
export function byDate(entries: readonly RunEntry[]): RunEntry[] {
  return [...entries].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}
