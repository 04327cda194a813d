/** The bench's result: the file that it writes and the table that it prints. */
import type { Growth } from "./engine-costs.ts";
import type { LibraryName, RowTimings } from "./measure.ts";
import type { Row } from "./problems.ts";

/** One number a peer; null where it has no such op. */
export type PeerTimes = Readonly<Record<Exclude<LibraryName, "ours">, number | null>>;

/** A row of the file; times are milliseconds, the best of the rounds. */
export interface ResultRow {
  readonly name: string;
  readonly ours: number;
  readonly peers: PeerTimes;
  /** How many times faster ours is than the best peer; null without a peer. */
  readonly ratioToBest: number | null;
  readonly goal: number;
  readonly medians: { readonly ours: number; readonly peers: PeerTimes; readonly ratioToBest: number | null };
  /** Largest difference from f64, relative to the largest value. */
  readonly errors: Readonly<Record<LibraryName, number | null>>;
  /** How many samples stand behind each time: fewer than the rounds where a library is slow. */
  readonly samples: Readonly<Record<LibraryName, number | null>>;
  /** First runs, with compiling and uploading. */
  readonly cold: Readonly<Record<LibraryName, number | null>>;
}

/** What the engine itself costs. */
export interface EngineCosts {
  readonly microsecondsADispatch: number;
  readonly growth: Growth;
}

/** The contents of `bench-results.json`. */
export interface BenchResults {
  readonly adapter: string;
  readonly browser: string;
  readonly rounds: number;
  readonly rows: readonly ResultRow[];
  readonly engine: EngineCosts | null;
}

/** A row's result from its timings. */
export const resultRow = ({ name, goal }: Row, timings: RowTimings): ResultRow => {
  const pick = (field: "min" | "median"): { ours: number; peers: PeerTimes; ratioToBest: number | null } => {
    const of = (library: LibraryName): number | null => timings[library]?.[field] ?? null;
    const peers = { ort: of("ort"), tfjs: of("tfjs"), jax: of("jax") };
    const known = Object.values(peers).filter((time) => time !== null);
    const ours = of("ours")!;
    return { ours, peers, ratioToBest: known.length === 0 ? null : Math.min(...known) / ours };
  };
  const each = (field: "error" | "cold" | "samples"): Record<LibraryName, number | null> => ({
    ours: timings.ours?.[field] ?? null,
    ort: timings.ort?.[field] ?? null,
    tfjs: timings.tfjs?.[field] ?? null,
    jax: timings.jax?.[field] ?? null,
  });
  return {
    name,
    ...pick("min"),
    goal,
    medians: pick("median"),
    errors: each("error"),
    samples: each("samples"),
    cold: each("cold"),
  };
};

const headings = ["milliseconds, best of the rounds", "ours", "ort", "tfjs", "jax", "ratio", "median ratio", "goal"];

/** The table in Markdown. */
export const table = (rows: readonly ResultRow[]): string => {
  const cells = rows.map(({ name, ours, peers, ratioToBest, medians, goal }) => [
    name,
    milliseconds(ours),
    milliseconds(peers.ort),
    milliseconds(peers.tfjs),
    milliseconds(peers.jax),
    times(ratioToBest),
    times(medians.ratioToBest),
    times(goal),
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => row[column]!.length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(headings), rule, ...cells.map(line)].join("\n");
};

const milliseconds = (value: number | null): string => (value === null ? "–" : value.toFixed(value < 100 ? 2 : 0));
const times = (value: number | null): string => (value === null ? "–" : `${value.toFixed(2)}×`);

/** The engine's own costs in words. */
export const costsText = ({ microsecondsADispatch, growth }: EngineCosts): string =>
  [
    `${microsecondsADispatch.toFixed(1)} µs a dispatch (goal: at most 15)`,
    `${growth.deviceBytes} bytes of buffers and ${growth.objectsMade} objects more after ${growth.replays} replays (goal: 0)` +
      (growth.heapBytes === null
        ? ""
        : `; heap of scripts ${growth.heapBytes > 0 ? "+" : ""}${growth.heapBytes} bytes`),
  ].join("\n");
