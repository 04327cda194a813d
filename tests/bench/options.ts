import { parseArgs } from "node:util";
import type { Row } from "./problems.ts";
import { rows } from "./problems.ts";

/** What `npm run bench` is asked for. */
export interface BenchOptions {
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly out: string;
  /** Chromium's software adapter even where there is a GPU. */
  readonly software: boolean;
}

/** The text of `--help`. */
export const usage = `npm run bench -- [options]
  --rounds N    interleaved rounds a row (12)
  --only TEXT   rows whose name contains TEXT, several separated by commas; "engine" for the engine's own costs
  --software    Chromium's software adapter even where there is a GPU
  --out FILE    where the results go (bench-results.json)`;

/** @throws RangeError on a value that means nothing */
export const readOptions = (
  args: readonly string[],
): BenchOptions & { readonly engine: boolean; readonly help: boolean } => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "12" },
      only: { type: "string" },
      software: { type: "boolean", default: false },
      out: { type: "string", default: "bench-results.json" },
      help: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new RangeError(`--rounds: expected a whole number, got ${values.rounds}`);
  const wanted = values.only?.split(",").map((text) => text.trim().toLowerCase());
  const chosen = rows.filter(({ name }) => wanted?.some((text) => name.toLowerCase().includes(text)) ?? true);
  const engine = wanted?.includes("engine") ?? true;
  if (chosen.length === 0 && !engine)
    throw new RangeError(
      `--only: expected part of one of ${rows.map(({ name }) => name).join(" | ")}, got ${values.only ?? ""}`,
    );
  return { rounds, rows: chosen, out: values.out, software: values.software, engine, help: values.help };
};
