/** `rog status`: which runs there are and how far they have come. */
import { existsSync } from "node:fs";
import { ConfigError } from "../errors.ts";
import { flagsText, readFlags } from "./arguments.ts";
import { durationText } from "./progress.ts";
import { listRuns, type RunStatus } from "./run-files.ts";

const flags = {
  out: { type: "string", short: "o", help: "where run folders lie (runs)" },
  json: { type: "boolean", help: "print one JSON list" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const given = readFlags("status", args, flags);
  if (given.help) {
    process.stdout.write(`rog status: the runs and how far they have come\n\n${flagsText(flags)}`);
    return 0;
  }
  if (given.out !== undefined && !existsSync(given.out))
    throw new ConfigError("rog status", "--out of a folder that is there", given.out);
  const runs = await listRuns(given.out ?? "runs");
  process.stdout.write(given.json ? `${JSON.stringify(runs, null, 2)}\n` : statusText(runs));
  return 0;
}

/** A line a run, latest first. */
export function statusText(runs: readonly RunStatus[]): string {
  if (runs.length === 0) return "no runs\n";
  const width = Math.max(...runs.map(({ state }) => state.length));
  return runs
    .map(({ directory, state, elapsedSeconds, unitsFinished }) => {
      return `${state.padEnd(width)}  ${directory}  ${durationText(elapsedSeconds)}, ${String(unitsFinished)} units\n`;
    })
    .join("");
}
