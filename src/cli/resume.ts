/** `rog resume`: goes on with a run folder by the spec that it keeps. */
import { dirname, join } from "node:path";
import { ConfigError, MissingError } from "../errors.ts";
import type { RunState } from "../experiment/run-log.ts";
import { methodFilesOf, parseSpec } from "../experiment/spec-file.ts";
import { specHash, type Spec } from "../experiment/spec.ts";
import { flagsText, readArguments } from "./arguments.ts";
import { requireInputs } from "./choose-folder.ts";
import { openLab } from "./open-lab.ts";
import { diskFolder, listRuns, readRecord, readResults } from "./run-files.ts";
import { inputsOf } from "./run-inputs.ts";
import { quoted } from "./quoted.ts";
import { printEnd, runIn } from "./run.ts";
import { minutesLeft, placeArguments, placeFlags, requireBudget, type PlaceFlags } from "./run-flags.ts";

const flags = {
  ...placeFlags,
  again: {
    type: "boolean",
    help: "a finished run too: its units are kept, and its report is made anew by this version of the lab",
  },
  json: { type: "boolean", help: "print the results as JSON" },
  help: { type: "boolean", help: "print this", short: "h" },
} as const;

/** The spec that a run folder keeps, with its defaults. */
const specPath = "config.resolved.json";

/**
 * @param args after the verb: flags, and a run folder; the latest unfinished one without it
 * @returns 0 when it is or was finished; 75 when the time budget ended it, 130 or 143 when it was told to stop
 */
export async function run(args: readonly string[]): Promise<number> {
  const { flags: given, positionals } = readArguments("resume", args, flags);
  if (given.help) {
    process.stdout.write(`rog resume [RUN]: go on with a run folder, or the latest unfinished\n\n${flagsText(flags)}`);
    return 0;
  }
  if (positionals.length > 1) throw new ConfigError("rog resume", "one run folder", positionals.join(" "));
  requireBudget(given);
  const began = performance.now();
  const directory = positionals[0] ?? (await latestUnfinished(given.out ?? "runs"));
  const known = await readRecord<RunState>(directory, "run.json", "this is no run folder");
  if (known.state === "done" && !given.again) {
    process.stderr.write(`${directory} is finished: ${join(directory, "report.html")}\n`);
    return 0;
  }
  const spec = await keptSpec(directory, known.specHash);
  process.stderr.write(`resuming ${directory}\n`);
  const lab = await openLab(spec.world.resolution, given);
  await requireInputs(directory, inputsOf(spec, lab));
  const earlier = known.state === "done" ? await earlierCommand(directory) : undefined;
  const repeats = earlier ?? repeating(directory, given);
  const commands = { repeats, goesOn: `npm run -s rog -- resume ${quoted(args)}`.trim() };
  const minutes = minutesLeft(given["time-budget"], began);
  return printEnd(await runIn(directory, { spec }, lab, commands, { minutes }), given.json);
}

/** The latest run that no process works in and that is not finished. @param parent where run folders lie @throws MissingError */
export async function latestUnfinished(parent: string): Promise<string> {
  const runs = await listRuns(parent);
  const latest = runs.find(({ state }) => state === "stopped" || state === "interrupted");
  if (latest === undefined) throw new MissingError(parent, "an unfinished run", "`rog status` lists them all");
  return latest.directory;
}

/**
 * The spec of a run folder.
 *
 * @param hash of the spec that the run began with
 * @throws MissingError, FormatError, ConfigError when it is not there or no longer means what it meant
 */
export async function keptSpec(directory: string, hash: string): Promise<Spec> {
  const path = join(directory, specPath);
  const bytes = await diskFolder(directory).read(specPath);
  if (bytes === undefined) throw new MissingError(directory, specPath);
  const text = new TextDecoder().decode(bytes);
  const files = methodFilesOf(text);
  // They are relative to a file that the folder does not know; and a folder that came from elsewhere must not name code.
  if (files.length > 0)
    throw new ConfigError(`${path} methods.files`, "none; `rog run -c SPEC` goes on with this run", files.join(", "));
  const spec = parseSpec(text, path);
  const found = await specHash(spec);
  const digits = (whole: string): string => whole.slice(0, 8);
  if (found !== hash)
    throw new ConfigError(
      path,
      `the spec ${digits(hash)} that the run began with`,
      `${digits(found)}: it was edited, or this version of the lab fills in other fields`,
    );
  return spec;
}

/** What a finished run says that repeats it; undefined when it says nothing. */
export async function earlierCommand(directory: string): Promise<string | undefined> {
  return (await readResults(directory)).commands[0];
}

/** The spec is a file like any other; flags that decide what it computes on come along. */
function repeating(directory: string, given: PlaceFlags): string {
  const out = dirname(directory);
  const kept = placeArguments({ ...given, out: out === "runs" ? undefined : out });
  return `npm run -s rog -- run ${quoted(["-c", join(directory, specPath), ...kept])}`;
}
