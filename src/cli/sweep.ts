/** `rog sweep`: one spec with several values of some fields, a run for each; finished ones are not run again. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { specHash } from "../experiment/spec.ts";
import {
  curveFigure,
  overridesOf,
  parseAxis,
  sweepCsv,
  sweepPoints,
  sweepText,
  type SweepResult,
} from "../experiment/sweep.ts";
import { writeFileAtomic } from "../storage/files.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { finishedRun, readResults } from "./run-files.ts";
import { openSpec, quoted, runInFolder } from "./run.ts";
import { placeArguments, requireBudget, runFlags, specFlags } from "./run-flags.ts";

const { browser: _, resume: __, until: ___, ...shared } = runFlags;
const flags = {
  ...specFlags,
  over: {
    type: "strings",
    help: "a field and its values, such as 'sets.ratio=[0.5, 1, 2]'; several give every combination",
  },
  ...shared,
} as const;

/** @returns 0; 75 when the time budget ended it, 130 or 143 when it was told to stop */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("sweep", args, flags);
  if (given.help) {
    process.stdout.write(`rog sweep [-c spec.yaml] --over FIELD=LIST [field=value …]\n\n${flagsText(flags)}`);
    return 0;
  }
  if (given.over.length === 0) throw new ConfigError("rog sweep", "--over FIELD=LIST", "nothing");
  requireBudget(given);
  const specWith = await openSpec(given.config, positionals);
  const points = sweepPoints(given.over.map(parseAxis));
  // All specs are read before the first run: a mistake in the last must not cost the others.
  const specs = points.map((point) => specWith(overridesOf(point)));
  const out = given.out ?? "runs";
  const found: SweepResult[] = [];
  const finished: string[] = [];
  const began = performance.now();
  for (const [i, point] of points.entries()) {
    const resolved = specs[i]!;
    const { spec } = resolved;
    let directory = await finishedRun(out, spec.name, await specHash(spec));
    if (directory === undefined) {
      process.stderr.write(`point ${String(i + 1)} of ${String(points.length)}: ${overridesOf(point).join(" ")}\n`);
      const budget = given["time-budget"];
      const left = budget === undefined ? undefined : budget - (performance.now() - began) / 60_000;
      if (left !== undefined && left <= 0) {
        process.stderr.write("stopped; the same command goes on\n");
        return 75;
      }
      const unitsFrom = [...given["units-from"], ...finished];
      const options = { ...given, resume: "auto", until: undefined, "time-budget": left, "units-from": unitsFrom };
      const config = given.config === undefined ? [] : ["-c", given.config];
      const runArguments = [...config, ...placeArguments(given), ...positionals, ...overridesOf(point)];
      const ended = await runInFolder(resolved, options, `npm run -s rog -- run ${quoted(runArguments)}`);
      if (ended.code !== 0) return ended.code;
      ({ directory } = ended);
    }
    finished.push(directory);
    found.push({ point, results: await readResults(directory) });
  }
  const files = join(out, `sweep_${specs[0]!.spec.name}`);
  await mkdir(files, { recursive: true });
  const write = (name: string, content: string) =>
    writeFileAtomic(join(files, name), [new TextEncoder().encode(content)]);
  await write("sweep.csv", sweepCsv(found));
  const curve = curveFigure(found);
  if (curve !== null) await write("curve.svg", curve);
  const json = found.map(({ point, results }) => ({ point, conditions: results.conditions }));
  process.stdout.write(given.json ? `${JSON.stringify(json, null, 2)}\n` : `${sweepText(found)}\nFiles: ${files}\n`);
  return 0;
}
