/** `rog run`: a spec from world to report, resumable. */
import { readFile } from "node:fs/promises";
import { arch, availableParallelism, platform } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { worldName } from "../data/world.ts";
import { ConfigError, MissingError } from "../errors.ts";
import type { Results } from "../experiment/record.ts";
import { readRunState, unitSource } from "../experiment/run-log.ts";
import { run as runSpec } from "../experiment/run.ts";
import { methodFilesOf, resolveSpec, type ResolvedSpec } from "../experiment/spec-file.ts";
import { parseShard, shardName, type Shard } from "../experiment/shards.ts";
import { specHash } from "../experiment/spec.ts";
import { stageNames, type StageName } from "../experiment/stage-names.ts";
import { tableText } from "../experiment/table.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { requireBudget, runFlags, specFlags, type PlaceFlags, type RunFlags } from "./run-flags.ts";
import { listenForInterrupt, stopSignal } from "./interrupt.ts";
import { openNetworks, openWorld } from "./open-lab.ts";
import { loadOwnMethods } from "./own-methods.ts";
import { durationText, showProgress } from "./progress.ts";
import { lockFolder } from "./folder-lock.ts";
import { chooseFolder, diskFolder, sharedFolder, tidyFolder } from "./run-files.ts";

const flags = { ...specFlags, ...runFlags } as const;

/**
 * @param args after the verb: flags, and overrides such as `train.rate=0.05`
 * @returns 0; 75 when the time budget ended it, 130 or 143 when it was told to stop
 */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("run", args, flags);
  if (given.help) {
    process.stdout.write(`rog run [-c spec.yaml] [field=value …]: a spec from world to report\n\n${flagsText(flags)}`);
    return 0;
  }
  const resolved = (await openSpec(given.config, positionals))();
  return runWithFlags(resolved, given, `npm run -s rog -- run ${quoted(withoutUntil(args))}`.trim());
}

/** Arguments that go on where `--until` stopped. */
export function withoutUntil(args: readonly string[]): string[] {
  return args.filter((arg, i) => !/^--until(=|$)/.test(arg) && args[i - 1] !== "--until");
}

/**
 * Opens a spec file and loads the methods that it names.
 *
 * @param file all defaults without it
 * @param overrides such as `train.rate=0.05`
 * @returns reads it, with further overrides
 */
export async function openSpec(
  file: string | undefined,
  overrides: readonly string[],
): Promise<(further?: readonly string[]) => ResolvedSpec> {
  const text = file === undefined ? "" : await readFile(file, "utf8");
  const name = file ?? "spec";
  await loadOwnMethods(methodFilesOf(text, overrides), dirname(name));
  return (further = []) => resolveSpec(text, name, [...overrides, ...further]);
}

/** Arguments as a shell takes them. */
export function quoted(args: readonly string[]): string {
  return args.map((arg) => (/^[\w./=:,-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`)).join(" ");
}

/**
 * Runs a spec on this machine and prints its table.
 *
 * @param command repeats it, to its report
 * @returns the exit code
 */
export async function runWithFlags(resolved: ResolvedSpec, given: RunFlags, command: string): Promise<number> {
  const { spec } = resolved;
  if (given.browser) {
    const { files } = spec.methods;
    if (files.length > 0) throw new ConfigError("--browser", "a spec without methods.files", files.join(", "));
    if (given.until !== undefined) throw new ConfigError("--browser", "a run without --until", given.until);
    if (given.shard !== undefined) throw new ConfigError("--browser", "a run without --shard", given.shard);
    if (given["units-from"].length > 0)
      throw new ConfigError("--browser", "a run without --units-from", given["units-from"].join(", "));
    return (await import("./browser-run.ts")).runInBrowser(spec, given, command);
  }
  return printEnd(await runInFolder(resolved, given, command), given.json);
}

/** Prints what a run found, where it came to its end. @returns its exit code */
export function printEnd({ directory, code, results }: EndedRun, json: boolean): number {
  if (results === undefined) return code;
  const took = `Took ${durationText(results.elapsedSeconds)} and at most ${((results.peakMemoryBytes ?? 0) / 1e9).toFixed(1)} GB of memory.`;
  const summary = `${tableText(results)}\n${took}\nReport: ${join(directory, "report.html")}`;
  process.stdout.write(`${json ? JSON.stringify(results, null, 2) : summary}\n`);
  return code;
}

/** How a run in a folder ended. */
export interface EndedRun {
  readonly directory: string;
  readonly code: number;
  /** Undefined when it was stopped, or ended before its report. */
  readonly results: Results | undefined;
}

/** Runs a spec on this machine in a folder of its own, or goes on with its latest unfinished one. */
export async function runInFolder(
  resolved: ResolvedSpec,
  given: Omit<RunFlags, "browser" | "json" | "help">,
  command: string,
): Promise<EndedRun> {
  const resume = given.resume ?? "auto";
  if (resume !== "auto" && resume !== "never") throw new ConfigError("--resume", "auto or never", resume);
  const until = stageOf(given.until);
  const unitsFrom = given["units-from"];
  for (const other of unitsFrom)
    if (!(await readRunState(diskFolder(other)))) throw new MissingError(other, "run.json", "--units-from takes a run");
  const { spec } = resolved;
  const hash = await specHash(spec);
  const parent = given.out ?? "runs";
  if (given.shard !== undefined) {
    const shard = parseShard(given.shard);
    const directory = sharedFolder(parent, spec.name, hash);
    say(`share ${given.shard} of ${directory}`);
    return runIn(directory, resolved, given, { repeats: command, goesOn: command }, { until, shard, unitsFrom });
  }
  const { directory, resumed } = await chooseFolder(parent, spec.name, hash, resume, Date.now());
  say(`${resumed ? "resuming" : "run"} ${directory}`);
  return runIn(directory, resolved, given, { repeats: command, goesOn: command }, { until, unitsFrom });
}

function stageOf(name: string | undefined): StageName | undefined {
  if (name === undefined) return undefined;
  const stage = stageNames.find((known) => known === name);
  if (stage === undefined) throw new ConfigError("--until", `one of ${stageNames.join(", ")}`, name);
  return stage;
}

/** Commands for one run: what makes it again, for its report, and what goes on with it when it stops. */
export interface RunCommands {
  readonly repeats: string;
  readonly goesOn: string;
}

/** What of a run is worked on. */
export interface RunWork {
  /** The last stage; all without it. */
  readonly until?: StageName | undefined;
  /** The part of the units; all without it. */
  readonly shard?: Shard | undefined;
  /** Folders of other runs, whose units serve this one where they are the same. */
  readonly unitsFrom?: readonly string[];
}

/**
 * Runs a spec on this machine in a folder.
 *
 * @param resolved without origins where its folder has them already
 * @throws ConfigError when a living process works in the folder, or on the same part
 */
export async function runIn(
  directory: string,
  { spec, origins }: Pick<ResolvedSpec, "spec"> & Partial<ResolvedSpec>,
  given: PlaceFlags,
  commands: RunCommands,
  { until, shard, unitsFrom = [] }: RunWork = {},
): Promise<EndedRun> {
  requireBudget(given);
  const unlock = await lockFolder(directory, shard && shardName(shard));
  // Shares may work on other computers, whose processes nobody here knows.
  if (!shard) await tidyFolder(directory);
  let left: readonly string[] = [];
  const interrupt = listenForInterrupt();
  const signal = stopSignal(interrupt.signal, given["time-budget"]);
  try {
    const name = worldName(spec.world.resolution);
    const world = await openWorld(given.world ?? join("world", name));
    const networks = await openNetworks(given.models ?? join("public/models", name), given.adapter);
    say(`on ${networks.adapter}`);
    const results = await runSpec(spec, world, networks, diskFolder(directory), {
      signal,
      ...{ until, shard, origins },
      unitsFrom: await Promise.all(unitsFrom.map((other) => unitSource(diskFolder(other)))),
      onLeft: (units) => (left = units),
      onEvent: showProgress(progressOutput),
      gauges: { now: Date.now, peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024 },
      commands: [commands.repeats],
      environment: { node: process.version, system: `${platform()} ${arch()}`, cores: availableParallelism() },
    });
    if (left.length > 0 && !signal.aborted) {
      say(
        `waits for ${left.length} units of other shares, such as ${left[0]!}; with them this goes on: ${commands.goesOn}`,
      );
      return { directory, code: 75, results };
    }
    if (results === undefined && shard && until === undefined && !signal.aborted) {
      say(`all units are there; the same command without --shard reads the test set and writes the report`);
      return { directory, code: 0, results };
    }
    if (results === undefined) {
      const reached = until !== undefined && !signal.aborted;
      say(`${reached ? `done up to ${until} in ${directory}` : "stopped"}; this goes on: ${commands.goesOn}`);
      return { directory, code: reached ? 0 : (interrupt.exitCode() ?? 75), results };
    }
    await drawSheet(directory);
    return { directory, code: 0, results };
  } finally {
    interrupt.release();
    await unlock();
  }
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const progressOutput = {
  isTerminal: process.stderr.isTTY,
  write: (text: string) => void process.stderr.write(text),
  now: Date.now,
};

/** The contact sheet as PNG too, for places that show no SVG. */
async function drawSheet(directory: string): Promise<void> {
  const folder = diskFolder(directory);
  const sheet = await folder.read("figures/contact-sheet.svg");
  if (sheet) await folder.write("figures/contact-sheet.png", await sharp(sheet).png().toBuffer());
}
