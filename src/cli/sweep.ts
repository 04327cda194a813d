/** `rog sweep`: one spec with several values of some fields, a run for each; finished ones are not run again. */
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { requireFit } from "../experiment/fit.ts";
import { specHash, type Spec } from "../experiment/spec.ts";
import type { ResolvedSpec } from "../experiment/spec-file.ts";
import {
  curveFigure,
  overridesOf,
  parseAxis,
  sweepCsv,
  sweepPoints,
  sweepText,
  type SweepAxis,
  type SweepPoint,
  type SweepResult,
} from "../experiment/sweep.ts";
import { allMethods } from "../methods/registry.ts";
import { writeFileAtomic } from "../storage/files.ts";
import { sha256Text } from "../storage/hash.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { finishedRun, otherRunText, runKey } from "./choose-folder.ts";
import { openLab, type Lab } from "./open-lab.ts";
import { readResults } from "./run-files.ts";
import { quoted } from "./quoted.ts";
import { openSpec, runInFolder } from "./run.ts";
import { minutesLeft, placeArguments, requireBudget, runFlags, specFlags } from "./run-flags.ts";
import { say } from "./say.ts";

const { browser: _, resume: __, until: ___, ...shared } = runFlags;
const flags = {
  ...specFlags,
  over: {
    type: "strings",
    help: "a field and its values, such as 'sets.ratio=[0.5, 1, 2]'; several give every combination",
  },
  ...shared,
} as const;

type SweepArguments = ReturnType<typeof readArguments<typeof flags>>;

/**
 * @param args after the verb: flags, and overrides of every point
 * @returns 0; 75 when the time budget ended it or a share waits for others, 130 or 143 when it was told to stop
 */
export async function run(args: readonly string[]): Promise<number> {
  const asked = readArguments("sweep", args, flags);
  const { flags: given, positionals } = asked;
  if (given.help) {
    process.stdout.write(`rog sweep [-c spec.yaml] --over FIELD=LIST [field=value …]\n\n${flagsText(flags)}`);
    return 0;
  }
  if (given.over.length === 0) throw new ConfigError("rog sweep", "--over FIELD=LIST", "nothing");
  requireBudget(given);
  const specWith = await openSpec(given.config, positionals);
  const axes = given.over.map(parseAxis);
  const points = sweepPoints(axes);
  // All specs are read before the first run: a mistake in the last must not cost the others.
  const specs = points.map((point) => specWith(overridesOf(point)));
  const sweep = new Sweep(asked, `npm run -s rog -- sweep ${quoted(args)}`);
  for (const { spec } of specs) await sweep.require(spec);
  for (const [i, point] of points.entries()) {
    const code = await sweep.work(specs[i]!, point, `point ${String(i + 1)} of ${String(points.length)}`);
    if (code !== undefined) return code;
  }
  if (sweep.found.length < points.length) return endShare(sweep.waits);
  const hashes = await Promise.all(specs.map(({ spec }) => specHash(spec)));
  const files = await writeSweep(given.out ?? "runs", specs[0]!.spec.name, axes, hashes, sweep.found);
  const json = sweep.found.map(({ point, results }) => ({ point, conditions: results.conditions }));
  const text = `${sweepText(sweep.found)}\nFiles: ${files}`;
  process.stdout.write(`${given.json ? JSON.stringify(json, null, 2) : text}\n`);
  return 0;
}

/** The points that were worked on, and what the next ones have from them. */
class Sweep {
  readonly found: SweepResult[] = [];
  /** Whether this share waits for others. */
  waits = false;
  readonly #began = performance.now();
  readonly #unitsFrom: string[];
  #opened: { readonly resolution: number; readonly lab: Lab } | undefined;

  /** @param command of the sweep */
  constructor(
    private readonly asked: SweepArguments,
    private readonly command: string,
  ) {
    this.#unitsFrom = [...asked.flags["units-from"]];
  }

  /** Requires that the world has what a point asks of it. @throws ConfigError, MissingError */
  async require(spec: Spec): Promise<void> {
    requireFit(spec, (await this.#labOf(spec.world.resolution)).world.dataset, allMethods());
  }

  /** Takes the finished run of a point, or makes it. @returns the exit code, where the sweep ends with it */
  async work(resolved: ResolvedSpec, point: SweepPoint, title: string): Promise<number | undefined> {
    const { flags: given } = this.asked;
    const lab = await this.#labOf(resolved.spec.world.resolution);
    const { directory, other } = await finishedRun(given.out ?? "runs", await runKey(resolved.spec, lab));
    if (directory !== undefined) return this.#take(point, directory);
    say(`${title}: ${overridesOf(point).join(" ")}`);
    if (other) {
      say(otherRunText(other));
      this.#unitsFrom.push(other.directory);
    }
    const left = minutesLeft(given["time-budget"], this.#began);
    if (left !== undefined && left <= 0) {
      say("stopped; the same command goes on");
      return 75;
    }
    const work = { resume: "auto", until: undefined, "time-budget": left, "units-from": this.#unitsFrom };
    const commands = { repeats: this.#repeating(point), goesOn: this.command };
    const ended = await runInFolder(resolved, { ...given, ...work }, commands, lab);
    if (ended.results !== undefined) return this.#take(point, ended.directory);
    // A share that waits at this point has work at the next ones; if its time is up, it ends there.
    if (given.shard === undefined || ![0, 75].includes(ended.code)) return ended.code;
    this.waits ||= ended.code === 75;
    this.#unitsFrom.push(ended.directory);
    return undefined;
  }

  async #take(point: SweepPoint, directory: string): Promise<undefined> {
    this.#unitsFrom.push(directory);
    this.found.push({ point, results: await readResults(directory) });
  }

  /** Points of one size compute with the same world and networks. */
  async #labOf(resolution: number): Promise<Lab> {
    if (this.#opened?.resolution !== resolution)
      this.#opened = { resolution, lab: await openLab(resolution, this.asked.flags) };
    return this.#opened.lab;
  }

  #repeating(point: SweepPoint): string {
    const { flags: given, positionals } = this.asked;
    const config = given.config === undefined ? [] : ["-c", given.config];
    const args = [...config, ...placeArguments(given), ...positionals, ...overridesOf(point)];
    return `npm run -s rog -- run ${quoted(args)}`;
  }
}

/** Says what comes after a share. @param waits for units of others @returns the exit code */
function endShare(waits: boolean): number {
  say(`this share's points are gone through; the same command ${waits ? "goes on" : "without --shard collects"}`);
  return waits ? 75 : 0;
}

/**
 * Writes table and curve to a folder that the study, the fields and what the points' specs are give its name.
 *
 * @param parent where run folders lie
 * @param hashes of the points' specs: another sweep of these fields has a folder of its own
 * @returns the folder
 */
async function writeSweep(
  parent: string,
  name: string,
  axes: readonly SweepAxis[],
  hashes: readonly string[],
  found: readonly SweepResult[],
): Promise<string> {
  const fields = axes.map(({ path }) => path.replaceAll(/[^\w.-]/g, "-"));
  const digits = (await sha256Text(hashes.join(" "))).slice(0, 8);
  const files = join(parent, ["sweep", name, ...fields, digits].join("_"));
  const write = (file: string, content: string): Promise<void> =>
    writeFileAtomic(join(files, file), [new TextEncoder().encode(content)]);
  await write("sweep.csv", sweepCsv(found));
  const curve = curveFigure(found);
  if (curve !== null) await write("curve.svg", curve);
  return files;
}
