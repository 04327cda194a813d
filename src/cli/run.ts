/** `rog run`: a spec from world to report, resumable. */
import { readFile } from "node:fs/promises";
import { arch, availableParallelism, platform } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { ConfigError, MissingError } from "../errors.ts";
import { requireFit } from "../experiment/fit.ts";
import type { Results } from "../experiment/record.ts";
import { readRunState } from "../experiment/run-log.ts";
import { run as runSpec } from "../experiment/run.ts";
import { methodFilesOf, resolveSpec, type ResolvedSpec } from "../experiment/spec-file.ts";
import { parseShard, shardName, unitSource, type Shard } from "../experiment/shards.ts";
import { stageNames, type StageName } from "../experiment/stage-names.ts";
import { tableText } from "../experiment/table.ts";
import { allMethods } from "../methods/registry.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { minutesLeft, requireBudget, runFlags, specFlags, type RunFlags } from "./run-flags.ts";
import { listenForInterrupt, stopSignal } from "./interrupt.ts";
import { openLab, type Lab } from "./open-lab.ts";
import { loadOwnMethods } from "./own-methods.ts";
import { durationText, showProgress } from "./progress.ts";
import { lockFolder } from "./folder-lock.ts";
import { chooseFolder, otherRunText, runKey, sharedFolder } from "./choose-folder.ts";
import { diskFolder, tidyFolder } from "./run-files.ts";
import { quoted } from "./quoted.ts";
import { inputsOf } from "./run-inputs.ts";
import { say } from "./say.ts";

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
  return runWithFlags(resolved, given, `npm run -s rog -- run ${quoted(goingOn(args))}`.trim());
}

/** Arguments that go on with a run: without `--until`, where it would end again, and `--resume`, which may start anew. */
export function goingOn(args: readonly string[]): string[] {
  const isDropped = (arg: string): boolean => arg === "--until" || arg === "--resume";
  return args.filter((arg, i) => !isDropped(arg.split("=")[0]!) && !isDropped(args[i - 1] ?? ""));
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

/**
 * Runs a spec on this machine and prints its table.
 *
 * @param command repeats it, to its report, and goes on with it
 * @returns the exit code
 */
export async function runWithFlags(resolved: ResolvedSpec, given: RunFlags, command: string): Promise<number> {
  requireBudget(given);
  const { spec } = resolved;
  if (given.browser) {
    const { files } = spec.methods;
    if (files.length > 0) throw new ConfigError("--browser", "a spec without methods.files", files.join(", "));
    if (given.until !== undefined) throw new ConfigError("--browser", "a run without --until", given.until);
    if (given.shard !== undefined) throw new ConfigError("--browser", "a run without --shard", given.shard);
    if (given.resume !== undefined && given.resume !== "auto")
      throw new ConfigError("--browser", "a run without --resume, which goes on with an unfinished one", given.resume);
    if (given["units-from"].length > 0)
      throw new ConfigError("--browser", "a run without --units-from", given["units-from"].join(", "));
    return (await import("./browser-run.ts")).runInBrowser(spec, given, command);
  }
  return printEnd(await runInFolder(resolved, given, { repeats: command, goesOn: command }), given.json);
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

/**
 * Runs a spec on this machine in a folder of its own, or goes on with its latest unfinished one.
 *
 * @param opened where it is open already, for pictures of the spec's size
 */
export async function runInFolder(
  resolved: ResolvedSpec,
  given: Omit<RunFlags, "browser" | "json" | "help">,
  commands: RunCommands,
  opened?: Lab,
): Promise<EndedRun> {
  const began = performance.now();
  const resume = given.resume ?? "auto";
  if (resume !== "auto" && resume !== "never") throw new ConfigError("--resume", "auto or never", resume);
  const until = stageOf(given.until);
  const unitsFrom = given["units-from"];
  for (const other of unitsFrom)
    if (!(await readRunState(diskFolder(other)))) throw new MissingError(other, "run.json", "--units-from takes a run");
  const { spec } = resolved;
  const shard = given.shard === undefined ? undefined : parseShard(given.shard);
  const lab = opened ?? (await openLab(spec.world.resolution, given));
  requireFit(spec, lab.world.dataset, allMethods());
  const key = await runKey(spec, lab);
  const minutes = minutesLeft(given["time-budget"], began);
  const parent = given.out ?? "runs";
  if (shard) {
    const directory = await sharedFolder(parent, key);
    say(`share ${String(given.shard)} of ${directory}`);
    return runIn(directory, resolved, lab, commands, { until, shard, unitsFrom, minutes });
  }
  const { directory, resumed, other } = await chooseFolder(parent, key, resume, Date.now());
  if (other) say(otherRunText(other));
  say(`${resumed ? "resuming" : "run"} ${directory}`);
  const sources = other ? [...unitsFrom, other.directory] : unitsFrom;
  return runIn(directory, resolved, lab, commands, { until, unitsFrom: sources, minutes });
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

/** What of a run is worked on, and for how long. */
export interface RunWork {
  /** The last stage; all without it. */
  readonly until?: StageName | undefined;
  /** The part of the units; all without it. */
  readonly shard?: Shard | undefined;
  /** Folders of other runs, whose units serve this one where they are the same. */
  readonly unitsFrom?: readonly string[];
  /** After which it stops; never without it. */
  readonly minutes?: number | undefined;
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
  lab: Lab,
  commands: RunCommands,
  { until, shard, unitsFrom = [], minutes }: RunWork = {},
): Promise<EndedRun> {
  const unlock = await lockFolder(directory, shard && shardName(shard));
  // Shares may work on other computers, whose processes nobody here knows.
  if (!shard) await tidyFolder(directory);
  let left: readonly string[] = [];
  const interrupt = listenForInterrupt();
  const signal = stopSignal(interrupt.signal, minutes);
  const { methods } = inputsOf(spec, lab);
  try {
    say(`on ${lab.networks.adapter}`);
    const results = await runSpec(spec, lab.world, lab.networks, diskFolder(directory), {
      signal,
      ...{ until, shard, origins },
      unitsFrom: await Promise.all(unitsFrom.map((other) => unitSource(diskFolder(other)))),
      onLeft: (units) => (left = units),
      onEvent: showProgress(progressOutput),
      gauges: { now: Date.now, peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024 },
      commands: [commands.repeats],
      environment: {
        ...{ node: process.version, system: `${platform()} ${arch()}`, cores: availableParallelism() },
        ...(Object.keys(methods).length > 0 ? { methods } : {}),
      },
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
